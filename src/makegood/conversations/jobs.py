"""What conversations do by themselves."""

from __future__ import annotations

from makegood.conversations.actions.auto_answering import answer_by_itself, answers_by_itself
from makegood.conversations.actions.closing import wake_due
from makegood.conversations.events import MessageReceived
from makegood.conversations.models import Message
from makegood.eventlog.events import Happened
from makegood.eventlog.reacting import on
from makegood.jobs.recurring import every


@every(minutes=1)
def wake_snoozed() -> None:
    """What was put off until now is open again."""
    wake_due()


@on(MessageReceived)
def answer_automatically(happened: Happened) -> None:
    """Where the inbox has an automatic answer."""
    assert isinstance(happened.event, MessageReceived)
    if happened.event.is_history or not answers_by_itself(happened.event.scope or 0):
        return
    received = Message.objects.select_related("inbox", "conversation__inbox", "contact")
    if message := received.filter(pk=happened.event.message_id).first():
        answer_by_itself(message, is_history=bool(happened.event.is_history))
