"""The server's side of a mail server's pipe: a socket in the data folder, answered when the letter is on the disk."""

from __future__ import annotations

import logging
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path

from django.db import DatabaseError, connection

from makegood.channels import wire
from makegood.channels.email.pipe import LONGEST_PATH, SECONDS, place_in
from makegood.channels.intake import Arriving, Gate, raw_of
from makegood.errors import Refused
from makegood.inboxes.queries import named

log = logging.getLogger(__name__)
AT_ONCE = 8  # each holds its letter in memory; the others wait in the line of the socket


class PipeDoor:
    """Listens until `stop`. See `Door`."""

    def __init__(self, data: Path, gate: Gate) -> None:
        self._gate, self._room = gate, threading.BoundedSemaphore(AT_ONCE)
        self._socket, self._stopped = _listening(place_in(data)), False
        threading.Thread(target=self._run, name="pipe", daemon=True).start()

    def stop(self) -> None:
        """Take no more. Those in hand are answered by the gate's end; whoever is not tries again."""
        self._stopped = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _run(self) -> None:
        while not self._stopped:
            self._room.acquire()
            line: socket.socket | None = None
            try:
                line, _ = self._socket.accept()
                threading.Thread(target=self._answer, args=(line,), name="piped", daemon=True).start()
            except (OSError, RuntimeError) as error:  # RuntimeError: the system gives no further thread
                if line:
                    line.close()  # its sender hears so, and tries again
                self._room.release()
                self._rest(error)

    def _rest(self, error: Exception) -> None:
        """Unless it was `stop` that closed the socket: too many open files, say, and some may be closed meanwhile."""
        if not self._stopped:
            log.warning("the pipe cannot be answered now and is tried again: %s", error)
            time.sleep(1.0)

    def _answer(self, line: socket.socket) -> None:
        try:
            with line, suppress(EOFError, OSError):  # who hangs up was told nothing, and tries again
                line.settimeout(SECONDS)
                head, content = wire.receive(line)
                wire.send(line, {"error": self._store(head["inbox"], content)})
        finally:
            connection.close()
            self._room.release()

    def _store(self, inbox: str, content: bytes) -> str:
        try:
            self._gate.hand_in(Arriving(named(inbox), raw_of(content))).result()
        except (Refused, DatabaseError, OSError, RuntimeError) as error:  # RuntimeError: the gate is closed
            log.warning("a letter from a pipe was left with its sender: %s", error)
            return str(error) or type(error).__name__
        return ""


def can_listen(data: Path) -> bool:
    """Whether the data folder's path is short enough for a socket; else commands store for themselves."""
    return len(str(place_in(data)).encode()) <= LONGEST_PATH


def _listening(place: Path) -> socket.socket:
    place.unlink(missing_ok=True)  # of one that was killed
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.bind(str(place))
    place.chmod(0o600)
    door.listen(128)
    return door
