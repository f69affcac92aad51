"""Closed, open again, put off until later: where a conversation stands."""

from __future__ import annotations

from datetime import datetime

from makegood.agents.models import Agent
from makegood.clock.now import now
from makegood.conversations.actions import ordering
from makegood.conversations.events import (
    ConversationClosed,
    ConversationReopened,
    ConversationSnoozed,
    ConversationWoken,
)
from makegood.conversations.models import Conversation
from makegood.eventlog.events import SYSTEM
from makegood.eventlog.recording import action, record


@action
def close(conversation: Conversation, *, by: Agent) -> None:
    """Done for now; the customer's next words open it again."""
    if _change(conversation, {Conversation.OPEN, Conversation.SNOOZED}, Conversation.CLOSED):
        Conversation.objects.filter(pk=conversation.pk).update(is_trouble=False, waiting_since=None)
        record(ConversationClosed(**conversation.ids), by=by.actor)


@action
def reopen(conversation: Conversation, *, by: Agent) -> None:
    """Open again, from closed or snoozed; who was not answered waits again."""
    if _change(conversation, {Conversation.CLOSED, Conversation.SNOOZED}, Conversation.OPEN):
        ordering.refresh(conversation)
        record(ConversationReopened(**conversation.ids), by=by.actor)


@action
def snooze(conversation: Conversation, *, until: datetime, by: Agent) -> None:
    """Out of sight until then, or until the customer writes."""
    if _change(conversation, {Conversation.OPEN, Conversation.SNOOZED}, Conversation.SNOOZED, until=until):
        record(ConversationSnoozed(until=until.isoformat(), **conversation.ids), by=by.actor)


@action
def wake_due() -> int:
    """Open what was put off until now; says how many."""
    due = Conversation.objects.filter(status=Conversation.SNOOZED, snoozed_until__lte=now())
    woken = 0
    for conversation in due.order_by("snoozed_until")[:500]:
        # Asked once more with the change: somebody may put it off again at this moment.
        if due.filter(pk=conversation.pk).update(status=Conversation.OPEN, snoozed_until=None):
            record(ConversationWoken(**conversation.ids), by=SYSTEM)
            woken += 1
    return woken


def _change(conversation: Conversation, before: set[str], after: str, *, until: datetime | None = None) -> bool:
    """The change and its condition in one statement, so that two agents cannot both win."""
    rows = Conversation.objects.filter(pk=conversation.pk, status__in=before)
    changed = bool(rows.update(status=after, snoozed_until=until))
    if changed:
        conversation.status, conversation.snoozed_until = after, until
    return changed
