"""The machine fails us at the n-th call: at the outermost edge, where the database, the disk and the network begin."""

from __future__ import annotations

import errno
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP|COMMIT|PRAGMA \w+ *=)", re.IGNORECASE)


class Fault:
    """Counts calls; the `number`-th fails, and all that follow if it is `lasting`. `fired`: it came to that."""

    def __init__(self, number: int, *, lasting: bool = False) -> None:
        self.left, self.lasting, self.fired = number, lasting, False

    def due(self) -> bool:
        """Whether this call fails."""
        self.left -= 1
        failing = self.left == 0 or (self.lasting and self.left < 0)
        self.fired = self.fired or failing
        return failing


Edge = Callable[[Fault], AbstractContextManager[None]]


@contextmanager
def database_writes(fault: Fault) -> Iterator[None]:
    """The statement, or the COMMIT, is answered with an error and has no effect."""
    with _database(fault, WRITES.match):
        yield


@contextmanager
def database_lost(fault: Fault) -> Iterator[None]:
    """The line to the database breaks instead of any statement."""
    with _database(fault, lambda _: True, cut=True):
        yield


@contextmanager
def _database(fault: Fault, concerns: Callable[[str], object], *, cut: bool = False) -> Iterator[None]:
    from django.db import OperationalError, connection

    def fail() -> None:
        if cut:
            with suppress(Exception):
                connection.connection.close()
        raise OperationalError("server closed the connection" if cut else "disk I/O error")

    def run(execute: Any, sql: str, *more: Any) -> Any:
        if concerns(sql) and fault.due():
            fail()
        return execute(sql, *more)

    def commit() -> None:
        if fault.due():
            fail()
        before()

    before = connection._commit
    connection._commit = commit
    try:
        with connection.execute_wrapper(run):
            yield
    finally:
        del connection._commit


@contextmanager
def file_writes(fault: Fault) -> Iterator[None]:
    """No room: opening for writing, writing (half of it arrives), naming."""

    def full() -> None:
        if fault.due():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def opened(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            full()
        return before["open"](path, flags, *more, **named)

    def wrapped(descriptor: int, *more: Any, **named: Any) -> Any:
        return _Filling(before["fdopen"](descriptor, *more, **named), full)

    def renamed(*words: Any, **named: Any) -> None:
        full()
        before["rename"](*words, **named)

    before = {name: getattr(os, name) for name in ("open", "fdopen", "rename")}
    with _replaced(os, {"open": opened, "fdopen": wrapped, "rename": renamed}):
        yield


class _Filling:
    """A file on a disk that may fill up."""

    def __init__(self, file: Any, full: Callable[[], None]) -> None:
        self._file, self._full = file, full

    def write(self, content: bytes) -> int:
        try:
            self._full()
        except OSError:
            self._file.write(content[: len(content) // 2])
            raise
        return int(self._file.write(content))

    def __enter__(self) -> _Filling:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


@contextmanager
def fsyncs(fault: Fault) -> Iterator[None]:
    """The disk says that it could not."""

    def synced(descriptor: int) -> None:
        if fault.due():
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        before(descriptor)

    before = os.fsync
    with _replaced(os, {"fsync": synced}):
        yield


@contextmanager
def network_before(fault: Fault) -> Iterator[None]:
    """The line breaks instead of a call."""
    with _network(fault, does_it=False):
        yield


@contextmanager
def network_after(fault: Fault) -> Iterator[None]:
    """The line breaks when the call has been made: what was sent is there, what came is lost."""
    with _network(fault, does_it=True):
        yield


@contextmanager
def _network(fault: Fault, *, does_it: bool) -> Iterator[None]:
    """Of sockets to other machines, in the thread under test; the counterparts' own go on."""
    here = threading.current_thread()

    def breaking(call: Callable[..., Any]) -> Callable[..., Any]:
        def run(self: socket.socket, *words: Any) -> Any:
            is_ours = threading.current_thread() is here and self.family != socket.AF_UNIX
            if not is_ours or not fault.due():
                return call(self, *words)
            if does_it:
                call(self, *words)
            with suppress(OSError):
                self.shutdown(socket.SHUT_RDWR)
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))

        return run

    names = ("connect", "send", "sendall", "recv", "recv_into")
    with _replaced(socket.socket, {name: breaking(getattr(socket.socket, name)) for name in names}):
        yield


@contextmanager
def _replaced(owner: Any, by: dict[str, Any]) -> Iterator[None]:
    own = {name: vars(owner)[name] for name in by if name in vars(owner)}
    for name, value in by.items():
        setattr(owner, name, value)
    try:
        yield
    finally:
        for name in by:
            if name in own:
                setattr(owner, name, own[name])
            else:
                delattr(owner, name)
