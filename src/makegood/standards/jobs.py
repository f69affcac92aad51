"""What the standards do by themselves: due times follow what happens, and what is said about hours and targets."""

from __future__ import annotations

from itertools import batched

from django.tasks import task

from makegood.agents.events import DaysOffAdded, DaysOffChanged, DaysOffRemoved, HoursChanged
from makegood.agents.models import WorkingHours
from makegood.conversations import events as happened_there
from makegood.conversations.models import Message
from makegood.conversations.queries.standing import waiting_ids
from makegood.eventlog.events import Happened
from makegood.eventlog.reacting import on
from makegood.jobs.recurring import every
from makegood.standards.actions.answering import answer_letter
from makegood.standards.actions.handing_over import AT_ONCE as HANDED_AT_ONCE
from makegood.standards.actions.handing_over import hand_over_closed
from makegood.standards.actions.reckoning import reckon_due
from makegood.standards.events import TargetChanged, TargetRemoved
from makegood.standards.queries import answers_of

AT_ONCE = 200


@on(
    happened_there.MessageReceived, happened_there.ReplyWritten, happened_there.ReplyUndone, happened_there.ReplySent,
    happened_there.ReplyFailed, happened_there.ConversationAssigned, happened_there.ConversationClosed,
    happened_there.ConversationReopened, happened_there.ConversationMarkedSpam,
    happened_there.ConversationClearedOfSpam, happened_there.ConversationHeld, happened_there.ConversationReleased,
    happened_there.ConversationMerged, happened_there.ConversationTookIn, happened_there.ConversationUnmerged,
    happened_there.ConversationGaveBack, happened_there.ConversationSplit, happened_there.ConversationSplitOff,
    happened_there.ConversationRejoined, happened_there.ConversationMoved,
)  # fmt: skip
def follow(happened: Happened) -> None:
    """Who waits, or who answers, may have changed."""
    if happened.event.conversation_id is not None and reckon_due([happened.event.conversation_id]):
        reckon_again.enqueue(happened.event.conversation_id)


@on(happened_there.MessageReceived)
def answer_automatically(happened: Happened) -> None:
    """Where the inbox has words for it."""
    assert isinstance(happened.event, happened_there.MessageReceived)
    if happened.event.is_history or not answers_of(happened.event.scope or 0):
        return
    received = Message.objects.select_related("inbox", "conversation__inbox", "contact")
    if message := received.filter(pk=happened.event.message_id).first():
        answer_letter(message, is_history=bool(happened.event.is_history))


@on(HoursChanged, DaysOffAdded, DaysOffChanged, DaysOffRemoved, TargetChanged, TargetRemoved)
def begin_anew(happened: Happened) -> None:
    """All that is due may be due at another time. One that runs already may have passed what changes now."""
    reckon_all.enqueue()


@task
def reckon_again(conversation_id: int) -> None:
    """Alone, so that it may wait: nobody waits for what else it would hold."""
    reckon_due([conversation_id], waits=True)


@task
def reckon_all() -> None:
    """Everything that waits, in steps of which each is done for good."""
    for ids in batched(waiting_ids(), AT_ONCE, strict=False):
        for busy in reckon_due(ids):
            reckon_again.enqueue(busy)


@every(minutes=1)
def follow_the_sun() -> None:
    """Teams that have closed hand on what waits."""
    for row in WorkingHours.objects.exclude(hands_to=None).values_list("pk", flat=True):
        while hand_over_closed(row) == HANDED_AT_ONCE:
            pass


@every(cron="17 3 * * *")
def look_again() -> None:
    """Time zones and calendars change with an upgrade, which nobody tells us of."""
    reckon_all.enqueue()
