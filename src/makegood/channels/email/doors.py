"""Where e-mail is handed to us: a mail server's pipe, and by LMTP where the administrator wants it."""

from __future__ import annotations

from pathlib import Path

from makegood.channels.email.lmtp import Intake
from makegood.channels.email.pipe_door import PipeDoor, can_listen
from makegood.channels.intake import Gate
from makegood.errors import Refused


class Doors:
    """All of them before one gate. `lmtp` is address:port, or empty. See `Door`."""

    def __init__(self, data: Path, lmtp: str) -> None:
        place = _host_and_port(lmtp) if lmtp else None
        self._gate = Gate()
        self._intake = Intake(*place, self._gate) if place else None
        self._pipe = PipeDoor(data, self._gate) if can_listen(data) else None

    def stop(self) -> None:
        """Take nothing new, then store what was handed in."""
        for door in (self._intake, self._pipe):
            if door:
                door.stop()
        self._gate.stop()


def _host_and_port(setting: str) -> tuple[str, int]:
    host, _, port = setting.rpartition(":")
    if not port.isdecimal():
        raise Refused(f"MAKEGOOD_LMTP is {setting}; it must be address:port, such as 127.0.0.1:8024.")
    return host.strip("[]") or "127.0.0.1", int(port)
