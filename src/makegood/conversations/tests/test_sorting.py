"""Where a conversation stands and who has it: each change is one event, and changing nothing is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from makegood.agents.models import Agent, Team
from makegood.clock.now import now
from makegood.conversations.actions import closing, spam, tagging
from makegood.conversations.actions.assigning import assign
from makegood.conversations.models import Conversation, Tag
from makegood.conversations.tests.factories import agent, come_in
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.tests.threads import at_once, on_postgres

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation() -> Conversation:
    return come_in().conversation


def told(name: str) -> int:
    return LoggedEvent.objects.filter(name=name).count()


def fresh(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


@pytest.mark.parametrize(
    ("change", "event", "status"),
    [
        (closing.close, "conversation.closed", "closed"),
        (spam.mark_spam, "conversation.marked_spam", "spam"),
    ],
)
def test_a_change_is_one_event_and_again_is_none(
    conversation: Conversation, marisol: Agent, change: Callable[..., None], event: str, status: str
) -> None:
    for _ in range(2):
        change(fresh(conversation), by=marisol)

    assert (fresh(conversation).status, told(event)) == (status, 1)
    assert LoggedEvent.objects.get(name=event).actor == f"agent:{marisol.pk}"


def test_closed_nobody_waits_and_reopened_who_was_not_answered_waits_again(
    conversation: Conversation, marisol: Agent
) -> None:
    since = conversation.waiting_since

    closing.close(conversation, by=marisol)
    assert fresh(conversation).waiting_since is None

    closing.reopen(conversation, by=marisol)
    assert (fresh(conversation).status, fresh(conversation).waiting_since) == ("open", since)
    assert told("conversation.reopened") == 1


def test_snoozed_until_its_time_has_come(conversation: Conversation, marisol: Agent) -> None:
    closing.snooze(conversation, until=now() + timedelta(hours=1), by=marisol)
    assert closing.wake_due() == 0
    assert fresh(conversation).status == "snoozed"

    Conversation.objects.update(snoozed_until=now() - timedelta(seconds=1))
    assert (closing.wake_due(), closing.wake_due()) == (1, 0)

    assert (fresh(conversation).status, fresh(conversation).snoozed_until) == ("open", None)
    assert told("conversation.woken") == 1


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_what_is_put_off_again_at_the_moment_it_would_wake_goes_on_sleeping() -> None:
    conversation, marisol = come_in().conversation, agent()
    tomorrow = now() + timedelta(days=1)
    closing.snooze(conversation, until=now() - timedelta(seconds=1), by=marisol)

    def and_somebody_puts_it_off(execute: Any, sql: str, *more: Any) -> Any:
        answer = execute(sql, *more)
        if sql.startswith("SELECT") and "snoozed_until" in sql:
            assert at_once(lambda: closing.snooze(fresh(conversation), until=tomorrow, by=marisol)) == [None]
        return answer

    with connection.execute_wrapper(and_somebody_puts_it_off):
        assert closing.wake_due() == 0
    assert (fresh(conversation).status, fresh(conversation).snoozed_until) == ("snoozed", tomorrow)


def test_what_is_spam_is_neither_closed_nor_snoozed(conversation: Conversation, marisol: Agent) -> None:
    spam.mark_spam(conversation, by=marisol)

    closing.close(fresh(conversation), by=marisol)
    closing.snooze(fresh(conversation), until=now() + timedelta(hours=1), by=marisol)
    assert fresh(conversation).status == "spam"

    spam.clear_of_spam(fresh(conversation), by=marisol)
    assert (fresh(conversation).status, told("conversation.cleared_of_spam")) == ("open", 1)


def test_given_to_an_agent_to_a_team_and_back_to_nobody(conversation: Conversation, marisol: Agent) -> None:
    team = Team.objects.create(name="Workshop")

    assign(conversation, to=marisol, by=marisol)
    assign(conversation, to=marisol, by=marisol)
    assign(conversation, to=None, team=team, by=marisol)

    assert (fresh(conversation).assignee, fresh(conversation).team) == (None, team)
    assert [e.data for e in LoggedEvent.objects.filter(name="conversation.assigned").order_by("id")] == [
        {"agent_id": marisol.pk, "team_id": None, "message_id": None},
        {"agent_id": None, "team_id": team.pk, "message_id": None},
    ]  # fmt: skip


def test_a_tag_is_one_whatever_its_case_and_blanks(conversation: Conversation, marisol: Agent) -> None:
    for name in ("Late  Parcel", "late parcel", " LATE PARCEL "):
        tagging.tag(conversation, name, by=marisol)

    label = Tag.objects.get()
    assert (label.name, told("conversation.tagged")) == ("late parcel", 1)
    for _ in range(2):
        tagging.untag(conversation, label, by=marisol)
    assert (conversation.tags.count(), told("conversation.untagged")) == (0, 1)


def test_the_next_due_moment_is_the_smaller_one(conversation: Conversation) -> None:
    soon, late = now() + timedelta(hours=1), now() + timedelta(days=1)

    table = [(soon, late, soon), (late, soon, soon), (None, late, late), (soon, None, soon), (None, None, None)]
    for promise, standard, due in table:
        Conversation.objects.filter(pk=conversation.pk).update(promise_due_at=promise, standard_due_at=standard)
        assert fresh(conversation).next_due_at == due


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_at_once_one_has_closed_it() -> None:
    conversation, marisol = come_in().conversation, agent()

    at_once(*[lambda: closing.close(fresh(conversation), by=marisol)] * 4)

    assert told("conversation.closed") == 1


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_words_that_come_while_it_is_closed_are_never_out_of_sight() -> None:
    """Either they came first, and who closed it had them; or it is open again."""
    marisol = agent()
    for _ in range(10):
        first = come_in()

        at_once(
            lambda f=first: closing.close(fresh(f.conversation), by=marisol),
            lambda f=first: come_in("Wait!", in_reply_to=f.message_id),
        )

        happened = LoggedEvent.objects.filter(conversation_id=first.conversation_id)
        last = happened.filter(name__in=["conversation.closed", "message.received"]).order_by("id").last()
        assert last is not None
        expected = "closed" if last.name == "conversation.closed" else "open"
        assert fresh(first.conversation).status == expected


@pytest.mark.parametrize(
    ("act", "given", "said"),
    [("closure", {}, "Closed."), ("snooze", {"until": "later"}, "Snoozed."), ("spam", {}, "Marked as spam.")],
)
def test_the_page_offers_to_take_back_what_was_just_done(
    conversation: Conversation, marisol: Agent, act: str, given: dict[str, str], said: str
) -> None:
    client = Client()
    client.force_login(marisol)

    page = LexborHTMLParser(client.post(reverse(act, args=[conversation.pk]), given, follow=True).content)
    [toast] = page.css(".toast")
    changed = fresh(conversation).status
    client.post(toast.css("form")[0].attributes["action"])

    words, button = toast.css("p")[0].text(strip=True), toast.css("[data-key=z]")
    assert (words, len(button), changed == "open", fresh(conversation).status) == (said, 1, False, "open")
    assert LexborHTMLParser(client.get(f"/conversations/{conversation.pk}").content).css(".toast") == []
