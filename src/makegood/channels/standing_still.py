"""The rows of the failed-work page: whatever stands still is shown alike, with its reason and a button."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from makegood.channels.models import OutboxMail, RawMessage
from makegood.channels.queries import FailedWork
from makegood.conversations.models import AutomaticAnswers
from makegood.jobs.models import Job


@dataclass(frozen=True, slots=True)
class Row:
    """One thing. `url`: where it is looked at; `next_at`: when it is tried by itself; `error`: what a machine said."""

    at: datetime
    words: str
    again: str  # where the button posts to
    button: str
    said: str = ""
    url: str = ""
    next_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one kind."""

    title: str
    rows: list[Row]


def sections(failed: FailedWork) -> Iterator[Section]:
    """Those that have any, what customers wait for first."""
    for title, rows in (
        (_("Letters that have not left"), [_letter(mail) for mail in failed.mails]),
        (_("Mail that could not be read"), [_unread(raw) for raw in failed.raws]),
        (_("Automatic answers that have stopped"), [_stopped(answers) for answers in failed.stopped]),
        (_("Jobs that gave up"), [_job(job) for job in failed.jobs]),
    ):
        if rows:
            yield Section(title, rows)


def _letter(mail: OutboxMail) -> Row:
    message, is_over, over = mail.message, mail.state == OutboxMail.FAILED, _("Given up.")
    return Row(
        mail.created_at,
        message.subject or _("No subject"),
        reverse("send-again", args=[mail.pk]),
        _("Try again"),
        said=f"{over} {message.state_said}" if is_over else message.state_said,
        url=reverse("conversation", args=[message.conversation_id]),
        next_at=None if is_over else mail.next_at,
    )


def _unread(raw: RawMessage) -> Row:
    words, again = f"{raw.inbox.name}, {filesizeformat(raw.size)}", reverse("read-again", args=[raw.pk])
    said, error = ("", raw.error) if "\n" in raw.error else (raw.error, "")  # a traceback is folded up
    return Row(raw.received_at, words, again, _("Try again"), said=said, error=error)


def _stopped(answers: AutomaticAnswers) -> Row:
    assert answers.stopped_at
    because = (
        _("More than 20 mails came from there within ten minutes.")
        if answers.stopped_because == "flood"
        else _("The same words came from there three times within a day.")
    )
    look = _("A machine may be writing. Look at the conversation before you allow them again.")
    return Row(
        answers.stopped_at,
        answers.address,
        reverse("answer-again", args=[answers.pk]),
        _("Allow again"),
        said=f"{because} {look}",
        url=reverse("conversation", args=[answers.conversation_id]),
    )


def _job(job: Job) -> Row:
    return Row(job.enqueued_at, job.task, reverse("run-again", args=[job.pk]), _("Try again"), error=job.error)
