"""What a mail server said, as a person would read it: Python's libraries hand on its bytes as they print them."""

from __future__ import annotations

import re
from ast import literal_eval

from imap_tools.errors import UnexpectedCommandStatusError

LONGEST = 300
PRINTED = re.compile(r"""b'(?:[^'\\]|\\.)*'|b"(?:[^"\\]|\\.)*\"""")
# An untagged answer and its kind (RFC 3501, 7.1), which tell a person nothing.
UNTAGGED = re.compile(r"^\* (?:BYE|OK|NO|BAD|PREAUTH) |^\* ")


def plain_words(error: BaseException) -> str:
    """The error's words on one line, at most 300 letters; bytes are read, never shown as Python prints them."""
    if isinstance(error, UnexpectedCommandStatusError):
        _status, data = error.command_result
        text = " ".join(piece.decode("utf-8", "replace") for piece in data if isinstance(piece, bytes))
    elif error.args and isinstance(error.args[0], bytes):
        text = error.args[0].decode("utf-8", "replace")
    else:
        text = PRINTED.sub(_read, str(error)).replace("[None]", "")
    return UNTAGGED.sub("", " ".join(text.split()))[:LONGEST]


def _read(found: re.Match[str]) -> str:
    said: bytes = literal_eval(found[0])
    return UNTAGGED.sub("", said.decode("utf-8", "replace"))
