"""What a mail says, as the columns of a message: the same whether it came in, was sent elsewhere, or is read again."""

from __future__ import annotations

from typing import Any

from makegood.conversations import matching
from makegood.conversations.addressing import kept
from makegood.conversations.envelope import Incoming
from makegood.text.sanitising import VERSION


def words_of(incoming: Incoming) -> dict[str, Any]:
    """Its words, as text and as sanitised HTML."""
    return {
        "subject": incoming.subject[:300],
        "text": incoming.text,
        "reply_text": "" if incoming.reply_text == incoming.text else incoming.reply_text,
        "html": incoming.html or "",
        "html_is_plain": incoming.html_is_plain,
        "has_remote_images": incoming.has_remote_images,
        "html_version": VERSION if incoming.html else 0,
    }


def people_of(incoming: Incoming) -> dict[str, Any]:
    """Whom it went to."""
    return {"to": kept(incoming.to), "cc": kept(incoming.cc)}


def ids_of(incoming: Incoming) -> dict[str, Any]:
    """Its own name and those of the letters before it, cut to what is kept."""
    return {
        "message_id": incoming.message_id[: matching.LONGEST_ID],
        "in_reply_to": incoming.in_reply_to[: matching.LONGEST_ID],
        "references": " ".join(incoming.references[-matching.MAX_REFERENCES :]),
    }
