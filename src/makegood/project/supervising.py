"""`serve`: a parent that has imported everything forks web, worker and parser, and watches over them.

The parent starts no thread and holds no database connection, so that forking is safe. Children end with their
parent, also when it is killed: the kernel is asked (PR_SET_PDEATHSIG), and a pipe that only the parent holds open
tells them where the kernel cannot.
"""

from __future__ import annotations

import ctypes
import fcntl
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.db import connections

from makegood.errors import Refused

log = logging.getLogger(__name__)
PR_SET_PDEATHSIG = 1
STOP_SECONDS = 15.0
Body = Callable[[], None]


def hold(folder: Path) -> int:
    """Lock the data folder for this process group; refuses when another server has it. The descriptor is the lock."""
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 20).decode().strip() or "?"
        os.close(descriptor)
        raise Refused(
            f"Another Makegood (process {holder}) is running on {folder}. Stop it first, or set MAKEGOOD_DATA."
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def check_port(host: str, port: int) -> None:
    """Refuses when somebody listens there: granian itself would share the port silently."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                f"Port {port} on {host} cannot be used: {error.strerror}. Choose another with --port or MAKEGOOD_PORT."
            ) from error


class Supervisor:
    """Starts the children, starts those anew that die, and ends all of them when it is told to stop."""

    def __init__(self, bodies: dict[str, Body]) -> None:
        self._bodies = bodies
        self._children: dict[int, str] = {}
        self._died: dict[str, list[float]] = {name: [] for name in bodies}
        self._stopping = False
        self._alive_read, self._alive_write = os.pipe()

    def run(self) -> int:
        """Until SIGTERM or SIGINT; the exit code."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        for name in self._bodies:
            self._fork(name)
        while self._children:
            self._reap()
        return 0

    def _fork(self, name: str) -> None:
        connections.close_all()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        pid = os.fork()
        if pid:
            self._children[pid] = name
            return
        code = 1
        try:
            os.close(self._alive_write)
            end_with_parent(parent, self._alive_read)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent tells us
            self._bodies[name]()
            code = 0
        except BaseException:
            log.exception("%s failed", name)
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _reap(self) -> None:
        try:
            pid, status = os.wait()
        except (ChildProcessError, InterruptedError):
            return
        name = self._children.pop(pid, "")
        if self._stopping or not name:
            return
        log.error("%s ended (%s) and is started again", name, os.waitstatus_to_exitcode(status))
        self._pause(name)
        if not self._stopping:
            self._fork(name)

    def _pause(self, name: str) -> None:
        """At once the first times; a child that dies again and again is started ever more slowly."""
        recent = [moment for moment in self._died[name] if time.monotonic() - moment < 60]
        self._died[name] = [*recent, time.monotonic()]
        end = time.monotonic() + (min(0.1 * 2 ** len(recent), 10.0) if recent else 0.0)
        while time.monotonic() < end and not self._stopping:
            time.sleep(0.05)

    def _stop(self, *_: object) -> None:
        if self._stopping:
            return
        self._stopping = True
        for pid in self._children:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        signal.signal(signal.SIGALRM, self._kill)
        signal.setitimer(signal.ITIMER_REAL, STOP_SECONDS)

    def _kill(self, *_: object) -> None:
        for pid in self._children:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def end_with_parent(parent: int, alive: int) -> None:
    """In a child, first of all."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    threading.Thread(target=_watch, args=(alive,), name="parent-watch", daemon=True).start()


def _watch(alive: int) -> None:
    os.read(alive, 1)  # returns when the parent's end is closed: it is gone
    os._exit(1)
