"""An inbox answers by itself: once, only people, and nobody has answered the customer by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.clock.now import now
from makegood.conversations.actions.auto_answering import allow_again, answer_by_itself
from makegood.conversations.actions.delivering import note_outcome, note_queued
from makegood.conversations.actions.receiving import receive
from makegood.conversations.envelope import Address, Kind
from makegood.conversations.models import AutomaticAnswers, Conversation, Message
from makegood.conversations.tests.factories import CARE, KOFI, ODILE, agent, answer, arrival, come_in, inbox, letter
from makegood.eventlog.events import SYSTEM
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.reacting import discover, react_all, start_at_end
from makegood.inboxes.models import Inbox
from makegood.standards.actions.answering import answer_from_now_on
from makegood.standards.models import ReadyAnswer

pytestmark = pytest.mark.django_db
WORDS = "Thank you for your letter. We answer within a day."


@pytest.fixture(autouse=True)
def care() -> Inbox:
    discover()
    start_at_end()
    care = inbox()
    answer_from_now_on(care, WORDS, by=SYSTEM)
    return care


def answers() -> list[Message]:
    return list(Message.objects.filter(direction="out").order_by("pk"))


def events(name: str) -> list[LoggedEvent]:
    return list(LoggedEvent.objects.filter(name=name))


def test_a_first_letter_is_answered_once_and_says_that_no_person_wrote_it() -> None:
    came = come_in("The pole cracked.")

    react_all()
    react_all()

    (sent,) = answers()
    assert (sent.is_automatic, sent.state, sent.agent) == (True, "waiting", None)
    assert sent.to == [["", ODILE.email]]
    assert sent.text.startswith(f"{WORDS}\n\nThis answer was sent automatically, no person wrote it.")
    assert sent.subject == "Auto: Cracked tent pole"
    assert (sent.in_reply_to, sent.references) == (came.message_id, came.message_id)
    assert sent.send_at == sent.at
    (event,) = events("automatic_answer.written")
    assert (event.actor, event.data["message_id"], event.conversation_id) == ("system:", sent.pk, came.conversation_id)
    assert event.cause_id == events("message.received")[0].pk


def test_asked_again_it_is_the_same_answer() -> None:
    came = come_in()

    both = [answer_by_itself(came, WORDS, is_history=False), answer_by_itself(came, WORDS, is_history=False)]

    assert both == answers() * 2


def test_it_answers_nobody_so_the_customer_waits_as_before() -> None:
    came = come_in("The pole cracked.")
    before = Conversation.objects.values().get()

    answer_by_itself(came, WORDS, is_history=False)
    (sent,) = answers()
    note_queued(sent, [ODILE.email])
    note_outcome(sent, {ODILE.email: (Message.SENT, "250 OK")})

    assert Conversation.objects.values().get() == before
    assert events("reply.sent")[0].data["is_automatic"] is True


def test_one_that_does_not_arrive_raises_no_alarm() -> None:
    came = come_in()
    answer_by_itself(came, WORDS, is_history=False)
    (sent,) = answers()
    note_queued(sent, [ODILE.email])
    Conversation.objects.update(status=Conversation.CLOSED)

    note_outcome(sent, {ODILE.email: (Message.FAILED, "550 unknown")})

    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.is_trouble) == (Conversation.CLOSED, False)


def test_without_words_nothing_is_sent(care: Inbox) -> None:
    ReadyAnswer.objects.all().delete()
    come_in()

    react_all()

    assert answers() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": Kind.AUTO_REPLY}, {"kind": Kind.BOUNCE}, {"bulk": True}, {"spam": True}, {"sender": None},
        {"sender": Address("", CARE)}, {"sender": Address("", "care+anything@quillfeather.example")},
        {"sender": Address("", "CARE@Quillfeather.example")}, {"sender": Address("", "returns@quillfeather.example")},
    ],
)  # fmt: skip
def test_machines_lists_and_our_own_addresses_get_none(fields: dict[str, Any]) -> None:
    inbox("returns@quillfeather.example", "Returns", is_active=False)
    come_in(**fields)

    react_all()

    assert answers() == []


def test_a_mail_with_a_null_sender_gets_none(care: Inbox) -> None:
    there = arrival(care)
    receive(letter(), type(there)(care, None, there.sha256, there.received_at, has_null_sender=True))

    react_all()

    assert answers() == []


def test_old_mail_gets_none(care: Inbox) -> None:
    receive(letter(), arrival(care, is_history=True))

    react_all()

    assert answers() == []


def test_a_blocked_customer_gets_none() -> None:
    came = come_in()
    came.contact.is_blocked = True

    assert answer_by_itself(came, WORDS, is_history=False) is None


def test_a_colleague_gets_one_as_anybody() -> None:
    """So that whoever set it up can try it; once in 24 hours holds for them, too."""
    marisol = agent()
    come_in(sender=Address(marisol.name, marisol.email))

    react_all()

    assert len(answers()) == 1


def test_only_the_letter_that_opens_a_conversation_is_answered() -> None:
    first = come_in()
    react_all()
    AutomaticAnswers.objects.update(answered_at=now() - timedelta(days=2))

    come_in("And another thing.", in_reply_to=first.message_id)
    react_all()

    assert len(answers()) == 1


def test_what_a_person_has_answered_already_needs_none() -> None:
    came = come_in()
    answer(came.conversation)

    react_all()

    assert [message.is_automatic for message in answers()] == [False]


def test_an_address_gets_one_in_24_hours_whatever_inbox_it_writes_to() -> None:
    other = inbox("returns@quillfeather.example", "Returns")
    answer_from_now_on(other, WORDS, by=SYSTEM)
    with time_machine.travel("2026-11-24 12:00Z", tick=False) as clock:
        come_in("One.")
        come_in("Two.", to=other)
        react_all()
        assert len(answers()) == 1
        clock.shift(timedelta(hours=24, seconds=1))
        come_in("Three.", to=other)
        come_in("Somebody else.", sender=KOFI)
        react_all()

    assert [message.to[0][1] for message in answers()] == [ODILE.email, ODILE.email, KOFI.email]


def test_whoever_stands_in_a_forged_from_gets_one_however_it_is_written_behind_the_plus() -> None:
    for number in range(3):
        come_in(f"Letter {number}.", sender=Address("Odile Fenwick", f"odile+{number}@fenwick.example"))
    react_all()

    assert [message.to[0][1] for message in answers()] == ["odile+0@fenwick.example"]


@pytest.mark.parametrize(
    ("subject", "carried"),
    [
        ("You won https://evil.example/x now", "Auto: You won now"), ("ask boss@evil.example", "Auto: ask"),
        ("go to WWW.evil.example!", "Auto: go to"), ("(evil.example/a)", "Auto:"),
        ("Order 12.50 of 3.11. Cracked", "Auto: Order 12.50 of 3.11. Cracked"),
    ],
)  # fmt: skip
def test_whoever_stands_in_a_forged_from_is_led_nowhere_by_a_strangers_words(subject: str, carried: str) -> None:
    answer_by_itself(come_in(subject=subject, sender=Address("evil.example", ODILE.email)), WORDS, is_history=False)

    assert [(sent.to, sent.subject) for sent in answers()] == [([["", ODILE.email]], carried)]


def test_three_equal_letters_stop_the_answers_and_ask_a_person() -> None:
    AutomaticAnswers.objects.create(address=ODILE.email, answered_at=now() - timedelta(days=2))
    came = [come_in("The very same words.") for _ in range(3)]
    for message in came:
        answer_by_itself(message, WORDS, is_history=False)
    (answers_,) = AutomaticAnswers.objects.all()

    assert (answers_.stopped_because, answers_.conversation) == ("identical", came[2].conversation)
    assert [event.data["because"] for event in events("automatic_answers.stopped")] == ["identical"]


def test_more_than_twenty_in_ten_minutes_stop_the_answers_until_a_person_allows_them() -> None:
    marisol = agent()
    with time_machine.travel("2026-11-24 12:00Z", tick=False) as clock:
        for number in range(21):
            come_in(f"Number {number}.")
            clock.shift(timedelta(seconds=28))
        react_all()
        (stopped,) = AutomaticAnswers.objects.all()
        assert (stopped.stopped_because, len(answers())) == ("flood", 1)

        clock.shift(timedelta(hours=25))
        come_in("A new day.")
        react_all()
        assert len(answers()) == 1

        allow_again(stopped, by=marisol)
        clock.shift(timedelta(minutes=1))
        come_in("Once more.")
        react_all()

    assert len(answers()) == 2
    (event,) = events("automatic_answers.allowed")
    assert (event.actor, event.data["answers_id"]) == (str(marisol.actor), stopped.pk)


def test_twenty_in_ten_minutes_are_no_flood_also_when_they_are_read_late() -> None:
    """A backlog of three days that is read in a minute counts by when each mail reached us."""
    begin = now() - timedelta(days=1)
    for number in range(30):
        receive(letter(f"Number {number}."), arrival(at=begin + timedelta(minutes=10 * number)))

    react_all()

    assert not AutomaticAnswers.objects.get().stopped_at


def test_what_it_costs_does_not_grow() -> None:
    def cost() -> int:
        came = come_in(f"Something new {Message.objects.count()}.")
        with CaptureQueriesContext(connection) as counted:
            answer_by_itself(came, WORDS, is_history=False)
        return len(counted)

    come_in("Warm.")
    cost()
    few = cost()
    for number in range(60):
        receive(letter(f"{number}"), arrival(at=now() - timedelta(hours=20)))

    assert cost() == few


def test_the_counts_read_an_index() -> None:
    came = come_in()
    with CaptureQueriesContext(connection) as counted:
        answer_by_itself(came, WORDS, is_history=False)
    counting = [q["sql"] for q in counted if '"at" >' in q["sql"] and '"message"' in q["sql"]]
    assert len(counting) == 2
    if connection.vendor == "sqlite":
        for sql in counting:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
                assert "message_of_contact" in " ".join(str(row) for row in cursor.fetchall())
