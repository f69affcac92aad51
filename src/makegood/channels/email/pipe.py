"""A mail server's pipe, from the command's side: a running Makegood is handed the letter, and Django is not imported.

To start it for each letter would cost a second of processor time. Pure.
"""

from __future__ import annotations

import socket
from pathlib import Path

from makegood.channels import wire

SECONDS = 120.0  # the disk may be busy
LONGEST_PATH = 100  # of a socket's name: 103 bytes on macOS, 107 on Linux


def place_in(data: Path) -> Path:
    """The socket in the data folder, which is ours alone."""
    return data / "pipe"


def hand_over(data: Path, inbox: str, content: bytes) -> str | None:
    """Empty once it is on the disk, else why it is not; None when no Makegood runs here. Sent twice it is one mail."""
    place = str(place_in(data))
    if len(place.encode()) > LONGEST_PATH:
        return None
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(SECONDS)
        try:
            line.connect(place)
        except OSError:
            return None
        try:
            wire.send(line, {"inbox": inbox}, content)
            head, _ = wire.receive(line)
        except (EOFError, OSError) as error:
            return f"the running Makegood did not answer ({error})"
    return str(head["error"])
