"""What stands still: raw mail that could not be read, mail that could not leave, dead jobs; and how the mail is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import F, QuerySet
from django.db.models.lookups import In

from makegood.channels.lights import Light
from makegood.channels.models import OutboxMail, RawMessage
from makegood.channels.registry import CHANNELS, channel_of
from makegood.clock.now import now
from makegood.conversations.models import AutomaticAnswers
from makegood.conversations.queries.shelves import Counting, counting
from makegood.inboxes.models import Inbox
from makegood.jobs.models import Job

LATE = timedelta(minutes=15)
SHOWN = 100
WHERE_IT_IS = "message__conversation__inbox_id"  # a letter that left before its conversation was moved


@dataclass(frozen=True, slots=True)
class FailedWork:
    """Everything that waits for a person, newest first."""

    raws: list[RawMessage]
    mails: list[OutboxMail]
    jobs: list[Job]
    stopped: list[AutomaticAnswers]


def lights() -> list[Light]:
    """Every inbox, those that are switched off last."""
    inboxes = Inbox.objects.filter(channel__in=CHANNELS).order_by("-is_active", "name").prefetch_related("teams")
    return [
        replace(channel.light_of(inbox), url=channel.settings_url(inbox))
        for inbox in inboxes
        for channel in [channel_of(inbox)]
    ]


def failed_work(scopes: list[int]) -> FailedWork:
    """As far as the inboxes may be seen; dead jobs belong to no inbox."""
    raws = _failed_raws().filter(_within(scopes)).select_related("inbox").defer("content")
    held_up = [OutboxMail.FAILED, OutboxMail.DELAYED, OutboxMail.UNCERTAIN]
    mails = mails_within(scopes).filter(state__in=held_up).select_related("message", "inbox").defer("content")
    return FailedWork(
        list(raws.order_by("-pk")[:SHOWN]),
        list(mails.order_by("-pk")[:SHOWN]),
        list(Job.objects.filter(state=Job.DEAD).order_by("-pk")[:SHOWN]),
        list(stopped_answers(scopes).select_related("conversation").order_by("-stopped_at")[:SHOWN]),
    )


@lru_cache(maxsize=1)
def counting_failed_work() -> Counting:
    """How much stands still, counted up to a hundred of each kind."""
    stopped = AutomaticAnswers.objects.filter(stopped_at__isnull=False)
    return counting([_failed_raws(), _failed_mails(), Job.objects.filter(state=Job.DEAD), stopped])


def counting_unsent() -> Counting:
    """How many mails have waited to leave for too long, as one more column; made anew each minute."""
    return _counting_unsent(now().replace(second=0, microsecond=0))


@lru_cache(maxsize=1)
def _counting_unsent(minute: datetime) -> Counting:
    return counting([_unsent(minute)])


def stopped_answers(scopes: list[int]) -> QuerySet[AutomaticAnswers]:
    """Addresses that get no automatic answer until a person looks, as far as their conversation may be seen."""
    return AutomaticAnswers.objects.filter(_within(scopes, "conversation__inbox_id"), stopped_at__isnull=False)


def mails_within(scopes: list[int]) -> QuerySet[OutboxMail]:
    """Letters of conversations that may be seen."""
    return OutboxMail.objects.filter(_within(scopes, WHERE_IT_IS))


def oldest_unsent() -> datetime | None:
    """Since when the oldest mail waits to leave, when that is longer than a quarter of an hour."""
    return _unsent(now()).order_by("created_at").values_list("created_at", flat=True).first()


def _within(scopes: list[int], scope: str = "inbox_id") -> In:
    """For few rows. The `+ 0` keeps SQLite from walking through all of an inbox to find them."""
    return In(F(scope) + 0, scopes)


def _unsent(moment: datetime) -> QuerySet[OutboxMail]:
    return OutboxMail.objects.filter(state__in=OutboxMail.FIT, created_at__lt=moment - LATE)


def _failed_raws() -> QuerySet[RawMessage]:
    return RawMessage.objects.filter(state=RawMessage.FAILED)


def _failed_mails() -> QuerySet[OutboxMail]:
    return OutboxMail.objects.filter(state=OutboxMail.FAILED)
