"""ISO-2022-JP as senders write it: with the NEC and IBM characters and half-width kana that the standard lacks.

Python's codecs know each of these extensions but none knows all. The text is cut at its escape sequences, and every
piece is rewritten to Shift_JIS, whose superset cp932 holds them all.
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(rb"\x1b(\([BJIH]|\$[@B]|\$\([@BD])")
_TO_KANA = bytes(b | 0x80 if 0x21 <= b <= 0x5F else b for b in range(256))


def decode(content: bytes) -> str:
    """Text of `content`; raises UnicodeDecodeError when it is not ISO-2022-JP with its extensions."""
    pieces = _ESCAPE.split(content)
    out = [_plain(pieces[0])]
    for escape, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        out.append(_piece(escape, piece))
    return "".join(out)


def _piece(escape: bytes, piece: bytes) -> str:
    if escape in (b"$B", b"$@", b"$(B", b"$(@"):
        return _double(piece)
    if escape == b"(I":
        return piece.translate(_TO_KANA).decode("cp932")
    if escape == b"$(D":
        return (b"\x1b$(D" + piece).decode("iso2022_jp_1")
    return _plain(piece)


def _plain(piece: bytes) -> str:
    """ASCII, or the 8-bit half-width kana that some phones put between."""
    if b"\x1b" in piece or b"\x0e" in piece:
        raise UnicodeDecodeError("iso-2022-jp", piece, 0, 1, "an escape sequence that ISO-2022-JP does not have")
    if piece.isascii():
        return piece.decode("ascii")
    if any(b >= 0x80 and not 0xA1 <= b <= 0xDF for b in piece):
        raise UnicodeDecodeError("iso-2022-jp", piece, 0, 1, "8-bit text in a 7-bit charset")
    return piece.decode("cp932")


def _double(piece: bytes) -> str:
    """A run of JIS X 0208; a line end inside it ends the run, as many senders forget the closing escape."""
    lines = piece.split(b"\n")
    out = [_to_shift_jis(lines[0].rstrip(b"\r")).decode("cp932")]
    out.extend(line.decode("ascii") for line in lines[1:])
    return "\n".join(out)


def _to_shift_jis(pairs: bytes) -> bytes:
    if len(pairs) % 2 or any(not 0x21 <= b <= 0x7E for b in pairs):
        raise UnicodeDecodeError("iso-2022-jp", pairs, 0, 1, "not a run of two-byte characters")
    out = bytearray()
    for high, low in zip(pairs[::2], pairs[1::2], strict=True):
        lead = (high + 1) // 2 + (0x70 if high < 0x5F else 0xB0)
        if high % 2:
            trail = low + (0x1F if low < 0x60 else 0x20)
        else:
            trail = low + 0x7E
        out += bytes((lead, trail))
    return bytes(out)
