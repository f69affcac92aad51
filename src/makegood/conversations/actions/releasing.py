"""Another service's code or link to confirm is held until an agent has looked: somebody may use our address there."""

from __future__ import annotations

from makegood.agents.models import Agent
from makegood.conversations.actions import ordering
from makegood.conversations.envelope import Kind
from makegood.conversations.errors import HeldBack
from makegood.conversations.events import ConversationHeld, ConversationOpened, ConversationReleased
from makegood.conversations.models import Conversation, Message
from makegood.conversations.preview import line_of
from makegood.eventlog.events import SYSTEM
from makegood.eventlog.recording import action, record


@action
def release(conversation: Conversation, *, by: Agent) -> None:
    """From now on it is an open conversation like any other."""
    rows = Conversation.objects.filter(pk=conversation.pk, status=Conversation.HELD)
    if rows.update(status=Conversation.OPEN):
        conversation.status = Conversation.OPEN
        record(ConversationReleased(**conversation.ids), by=by.actor)


def refuse_held(conversation: Conversation) -> None:
    """Raise `HeldBack` for what would let its words out."""
    if conversation.status == Conversation.HELD:
        raise HeldBack


@action
def hold(message: Message) -> None:
    """What turned out to be such a mail when it was read again leaves the conversation that it had joined."""
    joined = message.conversation
    is_alone = not joined.messages.exclude(pk=message.pk).exists()
    message.conversation = joined if is_alone else _apart(message)
    message.kind, message.is_automatic = Kind.VERIFICATION, True
    message.home = message.home if is_alone else None
    message.save(update_fields=["conversation", "home", "kind", "is_automatic"])
    rows = Conversation.objects.filter(pk=message.conversation_id)
    rows.update(status=Conversation.HELD, waiting_since=None, snoozed_until=None)
    message.conversation.refresh_from_db()
    record(ConversationHeld(**message.conversation.ids), by=SYSTEM)
    if not is_alone:
        ordering.refresh(joined)


def _apart(message: Message) -> Conversation:
    joined = message.conversation
    apart = Conversation.objects.create(
        inbox_id=joined.inbox_id,
        contact_id=message.contact_id or joined.contact_id,
        team_id=joined.team_id,
        subject=message.subject,
        status=Conversation.HELD,
        created_at=message.at,
        last_at=message.at,
        last_line=line_of(message.reply_text or message.text),
    )
    record(ConversationOpened(**apart.ids), by=SYSTEM)
    return apart
