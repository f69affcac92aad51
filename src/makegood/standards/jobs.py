"""What the standards do by themselves: due times follow what happens, and what is said about hours and targets."""

from __future__ import annotations

from itertools import batched

from django.tasks import task

from makegood.agents.events import DaysOffAdded, DaysOffChanged, DaysOffRemoved, HoursChanged
from makegood.conversations import events as happened_there
from makegood.conversations.queries.standing import waiting_ids
from makegood.eventlog.events import Happened
from makegood.eventlog.reacting import on
from makegood.jobs.recurring import every
from makegood.standards.actions.reckoning import reckon_due
from makegood.standards.events import TargetChanged, TargetRemoved

AT_ONCE = 200


@on(
    happened_there.MessageReceived, happened_there.ReplyWritten, happened_there.ReplyUndone, happened_there.ReplySent,
    happened_there.ReplyFailed, happened_there.ConversationAssigned, happened_there.ConversationClosed,
    happened_there.ConversationReopened, happened_there.ConversationMarkedSpam,
    happened_there.ConversationClearedOfSpam, happened_there.ConversationHeld, happened_there.ConversationReleased,
)  # fmt: skip
def follow(happened: Happened) -> None:
    """Who waits, or who answers, may have changed."""
    if happened.event.conversation_id is not None:
        reckon_due([happened.event.conversation_id])


@on(HoursChanged, DaysOffAdded, DaysOffChanged, DaysOffRemoved, TargetChanged, TargetRemoved)
def begin_anew(happened: Happened) -> None:
    """All that is due may be due at another time. One that runs already may have passed what changes now."""
    reckon_all.enqueue()


@task
def reckon_all() -> None:
    """Everything that waits, in steps of which each is done for good."""
    for ids in batched(waiting_ids(), AT_ONCE, strict=False):
        reckon_due(ids)


@every(cron="17 3 * * *")
def look_again() -> None:
    """Time zones and calendars change with an upgrade, which nobody tells us of."""
    reckon_all.enqueue()
