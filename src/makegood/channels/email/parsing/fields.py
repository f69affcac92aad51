"""The header fields of a message or part as bytes, in their order: cut apart and unfolded, not yet decoded."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_FIELD_BYTES = 256 * 1024
MAX_FIELDS = 5000
_LINE_END = re.compile(rb"\r{0,2}\n|\r")
_FIELD_LINE = re.compile(rb"^(?:[!-9;-~]{1,200}[ \t]{0,20}:|[ \t])[^\r\n]*(?:\r{0,2}\n|\r|\Z)", re.M)
_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]{0,20}:")


@dataclass(slots=True)
class Fields:
    """Header fields; `names` are lower case. `charset` is the body's, a hint for raw 8-bit bytes (RFC 6532 or none)."""

    items: list[tuple[str, bytes]] = field(default_factory=list)
    charset: str = ""
    cut: bool = False
    _by_name: dict[str, list[bytes]] = field(default_factory=dict)

    def add(self, name: str, value: bytes) -> None:
        self.items.append((name, value))
        self._by_name.setdefault(name, []).append(value)

    def first(self, name: str) -> bytes:
        """The value of the first field of this name, or nothing."""
        values = self._by_name.get(name)
        return values[0] if values else b""

    def every(self, name: str) -> list[bytes]:
        return self._by_name.get(name, [])

    def word(self, name: str) -> str:
        """The first field as lower-case ASCII text, for comparing: at most 1,000 characters."""
        return self.first(name)[:1000].decode("ascii", "replace").strip().lower()

    def __contains__(self, name: str) -> bool:
        return name in self._by_name


def split(block: bytes) -> tuple[Fields, int]:
    """The fields of a header block, and how many of its bytes were header.

    Lines that are no field are skipped, unless no field follows them: then the text began there and the blank line
    between was lost. A field beyond 256 KiB is cut, and what follows the first 5,000 fields.
    """
    fields = Fields()
    name = ""
    pieces: list[bytes] = []
    junk = False
    for line in _lines(block):
        if len(fields.items) >= MAX_FIELDS:
            fields.cut = True
            return fields, len(block)
        if line[:1] in (b" ", b"\t"):
            pieces.append(line)
            continue
        if name:
            _add(fields, name, pieces)
        match = _NAME.match(line)
        junk = match is None and bool(line)
        name = match.group(1).decode("ascii").lower() if match else ""
        pieces = [line[match.end() :]] if match else []
    if name:
        _add(fields, name, pieces)
    return fields, _end_of_fields(block) if junk else len(block)


def _lines(block: bytes) -> list[bytes]:
    if b"\r" not in block:
        return block.split(b"\n")
    return _LINE_END.split(block)


def _end_of_fields(block: bytes) -> int:
    end = 0
    for field_line in _FIELD_LINE.finditer(block):
        end = field_line.end()
    return end


def _add(fields: Fields, name: str, pieces: list[bytes]) -> None:
    value = b"".join(pieces).strip(b" \t")
    if len(value) > MAX_FIELD_BYTES:
        value = value[:MAX_FIELD_BYTES]
        fields.cut = True
    fields.add(name, value)
