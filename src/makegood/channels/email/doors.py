"""Where e-mail is handed to us: a mail server's pipe, and by LMTP where the administrator wants it."""

from __future__ import annotations

import logging
import socket
from pathlib import Path

from makegood.channels.email.lmtp import Intake
from makegood.channels.email.pipe_door import PipeDoor, can_listen
from makegood.channels.intake import Gate

log = logging.getLogger(__name__)


class Doors:
    """All of them before one gate. `lmtp` is address:port, or empty. See `Door`."""

    def __init__(self, data: Path, lmtp: str) -> None:
        self._gate = Gate()
        try:
            self._intake = Intake(*_host_and_port(lmtp), self._gate) if lmtp else None
        except OSError:
            self._gate.stop()
            raise
        self._pipe = _pipe(data, self._gate)

    def stop(self) -> None:
        """Take nothing new, then store what was handed in."""
        for door in (self._intake, self._pipe):
            if door:
                door.stop()
        self._gate.stop()


def answers(lmtp: str) -> tuple[bool, str]:
    """Whether nobody else answers at this address:port, and what an administrator should know of it."""
    try:
        with socket.create_connection(_host_and_port(lmtp), 5) as line:
            line.settimeout(5)
            greeting = line.recv(512)
    except ConnectionRefusedError:
        return True, f"nobody listens at {lmtp} now; Makegood does while it runs, or its log says why not"
    except OSError as error:
        return False, f"{lmtp} cannot be asked: {error}"
    if b" Makegood" in greeting:
        return True, f"mail is taken in at {lmtp}"
    return False, f"another program answers at {lmtp}; end it, or give MAKEGOOD_LMTP another port"


def _pipe(data: Path, gate: Gate) -> PipeDoor | None:
    """Not every disk holds a socket; without it commands are slower, and store for themselves."""
    if not can_listen(data):
        return None
    try:
        return PipeDoor(data, gate)
    except OSError as error:
        log.warning("letters by the pipe are stored by their own command, since %s holds no socket: %s", data, error)
        return None


def _host_and_port(setting: str) -> tuple[str, int]:
    host, _, port = setting.rpartition(":")
    return host.strip("[]") or "127.0.0.1", int(port)
