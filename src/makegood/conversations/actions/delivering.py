"""How a message of ours fared on its way; what came back is told where it can be mended."""

from __future__ import annotations

from collections.abc import Mapping

from makegood.clock.now import now
from makegood.conversations.actions import ordering, placing
from makegood.conversations.envelope import Bounce, Kind
from makegood.conversations.events import (
    ConversationReopened,
    ReplyDelayed,
    ReplyFailed,
    ReplySent,
    ReplyUncertain,
)
from makegood.conversations.models import Conversation, Delivery, Message
from makegood.eventlog.events import SYSTEM, Actor
from makegood.eventlog.recording import action, record

SAID = 2000


@action
def note_queued(message: Message, recipients: list[str]) -> bool:
    """It leaves now; False when it was called back first."""
    if not Message.objects.filter(pk=message.pk, state=Message.WAITING).update(state=Message.QUEUED):
        return False
    moment = now()
    Delivery.objects.bulk_create(
        Delivery(message=message, recipient=recipient[:320], at=moment) for recipient in recipients
    )
    return True


@action
def note_unsendable(message: Message, said: str) -> None:
    """No mail can be made of it, so it has failed before it left."""
    recipients = list(dict.fromkeys(email for _, email in [*message.to, *message.cc, *message.bcc]))
    if note_queued(message, recipients):
        note_outcome(message, dict.fromkeys(recipients, (Message.FAILED, said)))


@action
def note_outcome(message: Message, states: Mapping[str, tuple[str, str]]) -> None:
    """For each recipient named: the state and the server's words. The message's state follows from all of them."""
    moment = now()
    for recipient, (state, said) in states.items():
        Delivery.objects.filter(message=message, recipient=recipient[:320]).update(
            state=state, said=said[:SAID], at=moment
        )
    _settle(message, "; ".join(said for state, said in states.values() if state != Message.SENT))


@action
def note_bounce(bounced: Message, kind: Kind, bounce: Bounce) -> None:
    """A bounce or delay notice about a message of ours: only that message is touched, and it must have left.

    A read receipt or a complaint says that it did arrive.
    """
    if kind not in {Kind.BOUNCE, Kind.DELAYED}:
        return
    wanted = {recipient.lower() for recipient in bounce.recipients}
    deliveries = [d for d in bounced.deliveries.all() if not wanted or d.recipient.lower() in wanted]
    if kind == Kind.DELAYED or bounce.hard is False:
        state = Message.DELAYED
    else:
        state = Message.FAILED
    for delivery in deliveries:
        if delivery.state != Message.FAILED:
            delivery.state, delivery.said, delivery.at = state, bounce.said[:SAID], now()
            delivery.save(update_fields=["state", "said", "at"])
    if deliveries:
        _settle(bounced, bounce.said)


def _settle(message: Message, said: str) -> None:
    states = set(message.deliveries.values_list("state", flat=True))
    if not states:
        return
    for state in (Message.FAILED, Message.UNCERTAIN, Message.DELAYED, Message.QUEUED, Message.SENT):
        if state in states:
            break
    if state == message.state:
        return
    if is_alarming := state == Message.FAILED and not message.is_automatic:
        # Before the message itself is written: that is the order of whoever merges conversations.
        message.conversation = placing.in_turn(message.conversation_id)
    message.state, message.state_said = state, said[:SAID]
    message.save(update_fields=["state", "state_said"])
    event = {
        Message.SENT: ReplySent,
        Message.FAILED: ReplyFailed,
        Message.UNCERTAIN: ReplyUncertain,
        Message.DELAYED: ReplyDelayed,
    }.get(state)
    if event is not None:
        by = Actor("agent", message.agent_id) if message.agent_id and state == Message.SENT else SYSTEM
        record(event(key=str(message.key), is_automatic=message.is_automatic, **message.ids), by=by)
    if is_alarming:
        _raise_alarm(message.conversation)


def _raise_alarm(conversation: Conversation) -> None:
    """A reply that did not arrive is our trouble: the conversation is open again, unless it is spam by now."""
    if conversation.status in {Conversation.CLOSED, Conversation.SNOOZED}:
        conversation.status, conversation.snoozed_until = Conversation.OPEN, None
        record(ConversationReopened(**conversation.ids), by=SYSTEM)
    conversation.is_trouble = True
    conversation.save(update_fields=["status", "snoozed_until", "is_trouble"])
    ordering.refresh(conversation)
