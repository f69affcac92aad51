"""The note that the connection test sends to its own inbox: what returns is closed history, not a letter. Pure."""

from __future__ import annotations

MARK = "makegood-test"


def is_test_note(message_id: str) -> bool:
    """Such a Message-ID may be forged; a mail that bears it is stored and found all the same, only closed."""
    return f".{MARK}@" in message_id
