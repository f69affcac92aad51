"""What stands beside a conversation about its customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import QuerySet

from makegood.clock.now import now
from makegood.contacts.models import Contact, Handle
from makegood.conversations.addressing import addresses
from makegood.conversations.models import Conversation, Message, Tag
from makegood.conversations.on_behalf import customer_of
from makegood.database.selecting import kept

OTHERS = 6


@dataclass(frozen=True, slots=True)
class Panel:
    """Two queries: handles, and the newest conversations of the customer in the same inbox scope.

    `via`: the form or shop that wrote for them. `reply_to`: whom Reply-To names beside the sender, who may be one.
    """

    contact: Contact
    handles: list[Handle]
    others: list[Conversation]
    local_time: datetime | None
    via: str
    reply_to: str

    @property
    def called(self) -> str:
        """By name, else by address."""
        return self.contact.name or next((handle.value for handle in self.handles), "")


def panel_of(conversation: Conversation, newest: list[Message]) -> Panel:
    """About the conversation's customer; other conversations only from the same inbox, which the agent may see.

    `newest`: the messages, newest first, which the page has.
    """
    contact = conversation.contact
    return Panel(
        contact=contact,
        handles=_handles(contact.pk),
        others=_others(contact.pk, conversation.inbox_id, conversation.pk),
        local_time=_local_time(contact.timezone),
        via=next((message.via_email for message in newest if message.via_email), ""),
        reply_to=_spoken_for(conversation, newest),
    )


@kept
def tags_of(conversation_id: int) -> QuerySet[Tag]:
    """Of a conversation, by name."""
    return Tag.objects.filter(conversations=conversation_id)


@kept
def _handles(contact_id: int) -> QuerySet[Handle]:
    return Handle.objects.filter(contact_id=contact_id).order_by("pk")


@kept
def _others(contact_id: int, inbox_id: int, but: int) -> QuerySet[Conversation]:
    of_inbox = Conversation.objects.filter(contact_id=contact_id, inbox_id=inbox_id)
    others = of_inbox.exclude(pk=but).exclude(status__in=[Conversation.HELD, Conversation.MERGED])
    return others.only("subject", "status", "last_at").order_by("-last_at")[:OTHERS]


def _spoken_for(conversation: Conversation, newest: list[Message]) -> str:
    theirs = (m for m in newest if m.contact_id == conversation.contact_id and m.reply_to and not m.via_email)
    ours = conversation.inbox.addresses
    found = (customer_of(message.from_email, addresses(message.reply_to), ours) for message in theirs)
    return next((customer.email for customer in found if customer), "")


def _local_time(zone: str) -> datetime | None:
    try:
        return now().astimezone(ZoneInfo(zone)) if zone else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
