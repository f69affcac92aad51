"""Short ways to write a message for a test."""

from __future__ import annotations

from makegood.channels.email.parsing.message import parse
from makegood.conversations.envelope import Incoming

HEAD = (
    b"From: Odile Fenwick <odile@fenwick.example>\r\nTo: help@lamps.example\r\nSubject: Lamp\r\nMIME-Version: 1.0\r\n"
)


def mail(*fields: str | bytes, body: str | bytes = b"") -> bytes:
    """A message of these fields after the usual ones, with CRLF line ends."""
    lines = b"".join(_bytes(field).replace(b"\n", b"\r\n") + b"\r\n" for field in fields)
    return HEAD + lines + b"\r\n" + _bytes(body).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def bare(*fields: str | bytes, body: str | bytes = b"hi") -> bytes:
    """A message of these fields alone."""
    return b"".join(_bytes(field) + b"\r\n" for field in fields) + b"\r\n" + _bytes(body)


def multipart(*parts: str | bytes, subtype: str = "mixed") -> bytes:
    """A message of these parts, each written as header, blank line, body."""
    joined = b"".join(b"--b1\n" + _bytes(part).strip(b"\n") + b"\n" for part in parts)
    return mail(f'Content-Type: multipart/{subtype}; boundary="b1"', body=joined + b"--b1--\n")


def read(*fields: str | bytes, body: str | bytes = b"") -> Incoming:
    return parse(mail(*fields, body=body))


def names(incoming: Incoming) -> list[str]:
    return [file.filename for file in incoming.files]


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
