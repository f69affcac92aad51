"""The head of a message that leaves, line by line (RFC 5322, RFC 2047): one builder, cleaned values only.

Not by the standard library's header objects: they decode what looks like an encoded word before they write it, so a
name can bring NUL and line breaks back in; and they encode long Message-IDs, which then name no message any more.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator

from makegood.conversations.envelope import Address

CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,255}>")
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
LINE = 76
LONGEST_WORD = 60
ENCODED_BYTES = 45  # 60 letters of base64: an encoded word has at most 75 (RFC 2047, 2)


def text(name: str, value: str) -> str:
    """A field of words, such as the subject."""
    cleaned = clean(value)
    return _folded(name, cleaned.split(" ") if _is_plain(cleaned) else _encoded(cleaned))


def addresses(name: str, people: Iterable[Address]) -> str:
    """A field of addresses; each `email` must be an ASCII addr-spec."""
    whole = [[*_phrase(clean(one.name)), f"<{one.email}>" if clean(one.name) else one.email] for one in people]
    for one in whole[:-1]:
        one[-1] += ","
    return _folded(name, (word for one in whole for word in one))


def ids(name: str, value: str) -> str:
    """A field of Message-IDs, each whole and as it is; nothing when there is none that can be written."""
    found = MESSAGE_ID.findall(value)
    return _folded(name, found) if found else ""


def clean(value: str) -> str:
    """One line without control characters: nothing in it can begin another header."""
    return " ".join(CONTROLS.sub(" ", value).split())


def _is_plain(cleaned: str) -> bool:
    """May stand as it is: ASCII, nothing that looks encoded, no word too long for a line."""
    return cleaned.isascii() and "=?" not in cleaned and all(len(word) <= LONGEST_WORD for word in cleaned.split(" "))


def _phrase(name: str) -> list[str]:
    if not name:
        return []
    if not _is_plain(name):
        return list(_encoded(name))
    if ATOMS.fullmatch(name):
        return name.split(" ")
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'.split(" ")


def _encoded(cleaned: str) -> Iterator[str]:
    """Encoded words, none of which ends within a character."""
    piece = b""
    for letter in cleaned:
        encoded = letter.encode()
        if len(piece) + len(encoded) > ENCODED_BYTES:
            yield f"=?utf-8?b?{b64encode(piece).decode()}?="
            piece = b""
        piece += encoded
    yield f"=?utf-8?b?{b64encode(piece).decode()}?="


def _folded(name: str, words: Iterable[str]) -> str:
    """Words of printable ASCII on lines of 76 letters; a longer word, which only an id is, has a line of its own."""
    lines = [f"{name}:"]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > LINE and lines[-1].strip() != f"{name}:":
            lines.append("")
        lines[-1] += f" {word}"
    return "\r\n".join(lines) + "\r\n"
