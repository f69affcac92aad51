"""Files that old programs wrote into the text itself: uuencode, yEnc and BinHex."""

from __future__ import annotations

import heapq
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from makegood.channels.email.parsing import transfer

_UU_BEGIN = re.compile(rb"begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n(?=[ -`]{1,80}\r?\n)")
_UU_END = re.compile(rb"\nend[ \t]{0,9}\r?(?:\n|\Z)")
_YENC_BEGIN = re.compile(rb"=ybegin [^\r\n]{0,200}name=([^\r\n]{1,255})\r?\n(?:=ypart [^\r\n]{0,200}\n)?")
_YENC_END = re.compile(rb"\n=yend[^\r\n]{0,200}\r?(?:\n|\Z)")
_BINHEX_BEGIN = re.compile(rb"\(This file must be converted with BinHex[^\r\n]{0,40}\r?\n\s{0,9}(?=:)")
_MARKS = (b"begin ", b"=ybegin ", b"(This file must be converted with BinHex")
# What yEnc escapes; the escaped equals sign comes last, or it would be taken for the mark of another escape.
_YENC_ESCAPES = ((b"=@", b"\0"), (b"=J", b"\n"), (b"=M", b"\r"), (b"=I", b"\t"), (b"=`", b" "), (b"=n", b"."),
                 (b"=}", b"="))  # fmt: skip
_SHIFTED = bytes((byte - 42) % 256 for byte in range(256))
MAX_FILES = 100
_MAX_TRIES = 1000


@dataclass(frozen=True, slots=True)
class EncodedFile:
    """A file found in the text; `name` as written there."""

    name: bytes
    content: bytes


def may_be_in(content: bytes, start: int, end: int) -> bool:
    """Is it worth while to look for such files between two offsets?"""
    return any(
        content.startswith(mark, start) or any(content.find(line + mark, start, end) >= 0 for line in (b"\n", b"\r"))
        for mark in _MARKS
    )


def extract(content: bytes) -> tuple[bytes, list[EncodedFile]]:
    """The text without its files, and the files; lines end with LF or CRLF."""
    kept: list[bytes] = []
    files: list[EncodedFile] = []
    kept_to = 0
    for begin in itertools.islice(_line_starts(content), _MAX_TRIES):
        if begin < kept_to or len(files) >= MAX_FILES:
            continue
        found = _file_at(content, begin)
        if found is not None:
            kept.append(content[kept_to:begin])
            files.append(found[0])
            kept_to = found[1]
    kept.append(content[kept_to:])
    return b"".join(kept), files


def _line_starts(content: bytes) -> Iterator[int]:
    """Where lines begin that may begin a file, in their order; each mark is searched for once over the content."""
    return heapq.merge(*(_starts_of(content, mark) for mark in _MARKS))


def _starts_of(content: bytes, mark: bytes) -> Iterator[int]:
    at = 0 if content.startswith(mark) else content.find(b"\n" + mark) + 1 or -1
    while at >= 0:
        yield at
        at = content.find(b"\n" + mark, at) + 1 or -1


def _file_at(content: bytes, at: int) -> tuple[EncodedFile, int] | None:
    """The file that begins at this offset, and where it ends."""
    uu = _UU_BEGIN.match(content, at)
    if uu:
        stop, after = _end(_UU_END, content, uu.end())
        return EncodedFile(uu.group(1), transfer.uudecoded(content[uu.end() : stop])), after
    yenc = _YENC_BEGIN.match(content, at)
    if yenc:
        stop, after = _end(_YENC_END, content, yenc.end())
        return EncodedFile(yenc.group(1), _yenc(content[yenc.end() : stop])), after
    binhex = _BINHEX_BEGIN.match(content, at)
    if binhex:  # kept as it is: programs that can open it expect the text
        after = content.find(b":", binhex.end() + 1) + 1 or len(content)
        return EncodedFile(b"attachment.hqx", content[at:after]), after
    return None


def _end(mark: re.Pattern[bytes], content: bytes, at: int) -> tuple[int, int]:
    found = mark.search(content, at - 1)
    return (found.start(), found.end()) if found else (len(content), len(content))


def _yenc(lines: bytes) -> bytes:
    data = lines.translate(None, b"\r\n")
    for escape, byte in _YENC_ESCAPES:
        data = data.replace(escape, byte)
    return data.translate(_SHIFTED)
