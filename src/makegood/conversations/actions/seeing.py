"""Who looked at a conversation, for the audit."""

from __future__ import annotations

from makegood.agents.models import Agent
from makegood.conversations.events import ConversationSeen
from makegood.eventlog.sightings import SIGHTINGS


def note_seen(conversation_id: int, *, by: Agent) -> None:
    """Its page, a mail's original or body, or a file of it. Changes nothing that is shown, so reading may call it."""
    SIGHTINGS.note(ConversationSeen(conversation_id=conversation_id), by=by.actor)
