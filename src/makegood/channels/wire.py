"""How processes of ours talk: frames of a length, a JSON head and raw bytes behind it. Pure."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

HEAD = struct.Struct("!IQ")  # length of the JSON, length of the bytes
LARGEST = 512 * 1024 * 1024


def send(wire: socket.socket, head: dict[str, Any], body: bytes | list[bytes] = b"") -> None:
    """One frame. Raises OSError when the other side is gone."""
    pieces = [body] if isinstance(body, bytes) else body
    encoded = json.dumps(head).encode()
    wire.sendall(HEAD.pack(len(encoded), sum(map(len, pieces))) + encoded)
    for piece in pieces:
        wire.sendall(piece)


def receive(wire: socket.socket) -> tuple[dict[str, Any], bytes]:
    """The next frame. Raises EOFError at its end, OSError when the line breaks or a deadline passes."""
    head_length, body_length = HEAD.unpack(_exactly(wire, HEAD.size))
    if head_length > LARGEST or body_length > LARGEST:
        raise EOFError("a frame larger than any message")
    head: dict[str, Any] = json.loads(_exactly(wire, head_length))
    return head, bytes(_exactly(wire, body_length))


def _exactly(wire: socket.socket, count: int) -> bytearray:
    buffer = bytearray(count)
    view, got = memoryview(buffer), 0
    while got < count:
        read = wire.recv_into(view[got:], min(count - got, 1 << 20))
        if not read:
            raise EOFError("the other side is gone")
        got += read
    return buffer
