"""What stands beside a conversation about its customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from makegood.clock.now import now
from makegood.contacts.models import Contact, Handle
from makegood.conversations.models import Conversation

PAST = 6


@dataclass(frozen=True, slots=True)
class Panel:
    """Two queries: handles, and the newest conversations of the customer in the same inbox scope."""

    contact: Contact
    handles: list[Handle]
    past: list[Conversation]
    local_time: datetime | None


def panel_of(conversation: Conversation) -> Panel:
    """About the conversation's customer; past conversations only from the same inbox, which the agent may see."""
    contact = conversation.contact
    past = Conversation.objects.filter(contact=contact, inbox_id=conversation.inbox_id).exclude(pk=conversation.pk)
    return Panel(
        contact=contact,
        handles=list(contact.handles.order_by("pk")),
        past=list(past.only("subject", "last_at").order_by("-last_at")[:PAST]),
        local_time=_local_time(contact.timezone),
    )


def _local_time(zone: str) -> datetime | None:
    try:
        return now().astimezone(ZoneInfo(zone)) if zone else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
