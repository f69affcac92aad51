"""The mark in the Message-ID of the notes that a connection test sends to its own inbox. Pure."""

from __future__ import annotations

MARK = "makegood-test"


def may_be_probe_note(message_id: str) -> bool:
    """Anybody can write the mark: whether the note is ours, only the list of those we sent says (`probe_notes`)."""
    return f".{MARK}@" in message_id
