"""One rule for the name of a file that came from outside: it is a label for people and never a path."""

from __future__ import annotations

import re
import unicodedata

from makegood.text.unseen import without_unseen

MAX_LENGTH = 150
MOST_BYTES = 255  # of a name in ext4, XFS, APFS and ZFS
_MAX_EXTENSION = 12
_SEPARATORS = re.compile(r"[/\\]")
# Controls, surrogates, private and unassigned letters, and the line and paragraph separators.
_NO_LETTERS = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
_SPACES = re.compile(r"\s+")


def clean(name: str, fallback: str) -> str:
    """`name` as a label of 1 to 150 characters, NFC, of one line; `fallback` when nothing of it remains.

    Paths are cut to their last piece; control characters, letters that nobody sees, separators and leading dots are
    taken out; what no file system stores becomes `_`. The extension survives when a long name is cut.
    """
    last = _SEPARATORS.split(name[-4096:].strip("/\\ "))[-1]
    letters = "".join(" " if c in "\t\r\n" else c for c in last if c in "\t\r\n" or _is_letter(c))
    tidy = (
        _SPACES.sub(" ", unicodedata.normalize("NFC", without_unseen(letters)))
        .translate(_FORBIDDEN)
        .strip(" ")
        .lstrip(". ")
        .rstrip(". ")
    )
    return _cut(tidy) or fallback


def in_bytes(name: str, most: int = MOST_BYTES) -> str:
    """A clean name as a file system takes it, cut to so many bytes of UTF-8; the extension survives."""
    if len(name.encode()) <= most:
        return name
    stem, dot, extension = name.rpartition(".")
    end = f"{dot}{extension}".encode() if stem and len(extension) <= _MAX_EXTENSION else b""
    return ((stem if end else name).encode()[: most - len(end)] + end).decode(errors="ignore")


def _is_letter(char: str) -> bool:
    return (char.isascii() and char.isprintable()) or unicodedata.category(char) not in _NO_LETTERS


def _cut(name: str) -> str:
    if len(name) <= MAX_LENGTH:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > _MAX_EXTENSION:
        return name[:MAX_LENGTH].rstrip()
    return f"{stem[: MAX_LENGTH - len(extension) - 1].rstrip()}.{extension}"
