"""Transfer encodings undone leniently (RFC 2045, section 6): base64, quoted-printable, uuencode, and what is none."""

from __future__ import annotations

import binascii
import re

from makegood.channels.email.parsing.structure import Part
from makegood.text.marking import gettext_noop

_PLAIN = ("", "7bit", "8bit", "binary", "7-bit", "8-bit", "7bits", "8bits", "none", "us-ascii")
_AFTER_PADDING = re.compile(rb"=[ \t\r\n]{0,8}(?=[A-Za-z0-9+/])")
_PADDED_TEXT = re.compile(rb"[A-Za-z0-9+/\s]{4,}={0,2}")
_MAX_PIECES = 10_000
_MAX_UU_LINES = 1_000_000
_SAMPLE = 4096
_NOT_DIGITS = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))

UNKNOWN = gettext_noop("A part of this message names an unknown transfer encoding; it is shown as it came.")
DAMAGED = gettext_noop("A part of this message was damaged on its way; what could be read is shown.")


def decoded(part: Part, limit: int | None = None) -> tuple[bytes, str]:
    """The bytes of a part, and a problem sentence or nothing; with `limit` at least that many bytes if there are."""
    encoding = part.fields.word("content-transfer-encoding").partition(";")[0].strip("\"' ")
    body = part.body if limit is None else part.body[: limit * 3 + 4096]
    if encoding in ("base64", "b", "base-64"):
        return _base64(body)
    if encoding in ("quoted-printable", "q", "quotedprintable", "quoted-printabe"):
        return _quoted_printable(bytes(body)), ""
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return uudecoded(bytes(body)), ""
    if encoding in _PLAIN:
        return bytes(body), ""
    return bytes(body), UNKNOWN


def uudecoded(content: bytes) -> bytes:
    """The bytes of uuencoded lines, with or without their `begin` and `end`; lines too long or short are mended."""
    out = bytearray()
    at = 0
    for _ in range(_MAX_UU_LINES):
        end = content.find(b"\n", at)
        end = len(content) if end < 0 else end
        line = content[at:end].rstrip(b"\r")
        at = end + 1
        if line == b"end":
            break
        if line and not line.startswith(b"begin "):
            out += _uu_line(line)
        if at >= len(content):
            break
    return bytes(out)


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        length = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[: length + 1])
        except binascii.Error:
            return b""


def _quoted_printable(body: bytes) -> bytes:
    if body.count(b"\r") != body.count(b"\r\n"):  # after a soft break with a lone CR, binascii skips to the next LF
        body = body.replace(b"\r\n", b"\n")
        body = body.replace(b"\r", b"\n")
    return binascii.a2b_qp(body)


def _base64(body: memoryview) -> tuple[bytes, str]:
    if _is_no_base64(bytes(body[:_SAMPLE])):
        return bytes(body), DAMAGED
    if _AFTER_PADDING.search(body):
        return _several_base64(body)
    try:
        return binascii.a2b_base64(body), ""
    except binascii.Error:
        return _mended_base64(bytes(body)), ""


def _is_no_base64(sample: bytes) -> bool:
    """Text under a false label: many bytes that base64 does not have, or spaces between words."""
    foreign = len(sample.translate(None, b"\r\n\t =")) - len(sample.translate(None, _NOT_DIGITS))
    return foreign * 5 > len(sample) or sample.strip().count(b" ") * 20 > len(sample)


def _mended_base64(body: bytes) -> bytes:
    digits = body.translate(None, _NOT_DIGITS)
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))


def _several_base64(body: memoryview) -> tuple[bytes, str]:
    """Base64 texts one behind the other, each with its padding; binascii would stop at the first."""
    out = bytearray()
    for count, found in enumerate(_PADDED_TEXT.finditer(body)):
        if count >= _MAX_PIECES:
            return bytes(out), DAMAGED
        out += _mended_base64(bytes(found.group()))
    return bytes(out), ""
