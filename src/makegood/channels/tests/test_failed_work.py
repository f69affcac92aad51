"""The page of everything that waits for a person: answers that have stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from makegood.agents.models import Role
from makegood.channels.models import OutboxMail, RawMessage
from makegood.channels.tests.factories import queued, take
from makegood.clock.now import now
from makegood.conversations.models import AutomaticAnswers, Message
from makegood.conversations.tests.factories import agent, come_in, inbox
from makegood.eventlog.models import LoggedEvent
from makegood.jobs.models import Job
from makegood.project.safekeeping import pause_sending

pytestmark = pytest.mark.django_db


def stopped(number: int, **of: object) -> AutomaticAnswers:
    conversation = come_in(f"Number {number}.", **of).conversation
    return AutomaticAnswers.objects.create(
        address=f"p{number}@fenwick.example", stopped_at=now(), stopped_because="flood", conversation=conversation
    )


@pytest.fixture
def lead(client: Client) -> Client:
    client.force_login(agent(role=Role.LEAD))
    return client


def test_a_person_sees_why_answers_have_stopped_and_allows_them_again(lead: Client) -> None:
    answers = stopped(1)

    page = lead.get(reverse("failed-work")).content.decode()
    assert "p1@fenwick.example" in page
    assert "More than 20 mails came from there within ten minutes." in page
    assert "1 failed" in lead.get(reverse("conversations")).content.decode()
    lead.post(reverse("answer-again", args=[answers.pk]))

    assert AutomaticAnswers.objects.get().stopped_at is None
    assert LoggedEvent.objects.filter(name="automatic_answers.allowed").count() == 1
    told = lead.get(reverse("conversation", args=[answers.conversation_id])).content.decode()
    assert "allowed automatic answers to this address again" in told


def test_whatever_stands_still_is_shown_with_its_reason_and_a_button(lead: Client) -> None:
    mail = queued(inbox(), subject="Your tent")
    OutboxMail.objects.update(state=OutboxMail.FAILED)
    Message.objects.filter(pk=mail.message_id).update(state_said="550 no such person")
    raw = take(b"From: odile@fenwick.example", inbox())
    RawMessage.objects.update(state=RawMessage.FAILED, error="the parser was stopped over this message")
    answers = stopped(1)
    job = Job.objects.create(task="a.b.c", state=Job.DEAD, error="Traceback: zero", run_at=now(), enqueued_at=now())

    page = LexborHTMLParser(lead.get(reverse("failed-work")).content.decode())

    shown = [(row.css_first(".grow").text(), row.css_first("form").attributes["action"]) for row in page.css(".line")]
    flood = "More than 20 mails came from there within ten minutes."
    look = "A machine may be writing. Look at the conversation before you allow them again."
    assert [(" ".join(words.split()), to) for words, to in shown] == [
        ("Your tent Given up. 550 no such person", reverse("send-again", args=[mail.pk])),
        ("Care, 27 bytes the parser was stopped over this message", reverse("read-again", args=[raw.pk])),
        (f"{answers.address} {flood} {look}", reverse("answer-again", args=[answers.pk])),
        ("a.b.c What it said Traceback: zero", reverse("run-again", args=[job.pk])),
    ]


def test_those_of_inboxes_one_may_not_open_are_not_shown_and_not_allowed(lead: Client) -> None:
    secret = inbox("secret@quillfeather.example", "Secret", is_open_to_all=False)
    answers = stopped(1, to=secret)

    assert "p1@fenwick.example" not in lead.get(reverse("failed-work")).content.decode()
    assert lead.post(reverse("answer-again", args=[answers.pk])).status_code == 404


def test_the_page_asks_as_often_for_one_as_for_three(lead: Client) -> None:
    counts = []
    for upto in (1, 3):
        while AutomaticAnswers.objects.count() < upto:
            stopped(AutomaticAnswers.objects.count())
        lead.get(reverse("failed-work"))
        with CaptureQueriesContext(connection) as counted:
            lead.get(reverse("failed-work"))
        counts.append(len(counted))

    assert counts[0] == counts[1]


def test_a_restored_copy_says_that_it_does_not_send(lead: Client, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    assert "Nothing stands still." in lead.get(reverse("failed-work")).content.decode()

    pause_sending()
    page = lead.get(reverse("failed-work")).content.decode()

    assert ("--resume-sending" in page, "Nothing stands still." in page) == (True, False)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by the size of its tables")
def test_what_stands_still_is_found_without_walking_through_an_inbox(lead: Client) -> None:
    stopped(1)
    with CaptureQueriesContext(connection) as asked:
        lead.get(reverse("failed-work"))
    reads = [query["sql"] for query in asked if "inbox_id" in query["sql"] and query["sql"].startswith("SELECT")]

    steps = []
    for sql in reads:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            steps += [row[3] for row in cursor.fetchall()]
    by_what_it_is = ["raw_message_failed", "outbox_mail_due", "automatic_answers_stopped"]
    assert [any(index in step for step in steps) for index in by_what_it_is] == [True, True, True]
    assert [step for step in steps if "_inbox_id_" in step] == []
