"""What a colleague sent from another mail program, read from the Sent folder."""

from __future__ import annotations

from datetime import timedelta

import pytest

from makegood.clock.now import now
from makegood.conversations.actions.receiving import receive
from makegood.conversations.actions.sent_elsewhere import take_over
from makegood.conversations.envelope import Address
from makegood.conversations.models import Conversation, Message
from makegood.conversations.tests.factories import (
    CARE,
    KOFI,
    ODILE,
    agent,
    answer,
    arrival,
    come_in,
    letter,
)
from makegood.eventlog.models import LoggedEvent

pytestmark = pytest.mark.django_db
OURS = Address("Care", CARE)


def test_an_answer_from_another_mail_program_joins_and_answers() -> None:
    first = come_in()

    sent = take_over(letter("From the train.", sender=OURS, to=[ODILE], in_reply_to=first.message_id), arrival())

    conversation = Conversation.objects.get()
    assert (sent.conversation, sent.direction, sent.state) == (conversation, Message.OUT, "sent")
    assert (conversation.waiting_since, conversation.last_line) == (None, "From the train.")
    assert LoggedEvent.objects.last().name == "reply.sent"  # type: ignore[union-attr]


def test_it_joins_those_who_are_written_to_whoever_else_repeats_the_id_of_the_letter_it_answers() -> None:
    first = come_in()
    repeated = come_in("Mine.", sender=KOFI, message_id=first.message_id)

    to_odile, to_kofi = (
        take_over(letter(name, sender=OURS, to=[to], in_reply_to=first.message_id, message_id=f"<{name}@x>"), arrival())
        for name, to in (("odile", ODILE), ("kofi", KOFI))
    )

    assert [to_odile.conversation, to_kofi.conversation] == [first.conversation, repeated.conversation]


def test_the_agent_is_known_by_their_own_address() -> None:
    marisol = agent()

    sent = take_over(letter("x", sender=Address("", marisol.email.upper()), to=[ODILE]), arrival())

    assert sent.agent == marisol


def test_a_letter_begun_elsewhere_is_closed_and_with_its_first_recipient() -> None:
    sent = take_over(letter("Hello.", sender=OURS, to=[KOFI]), arrival())

    conversation = sent.conversation
    assert (conversation.status, conversation.waiting_since) == ("closed", None)
    assert str(conversation.contact) == KOFI.name


def test_the_answer_to_it_joins() -> None:
    sent = take_over(letter("Hello.", sender=OURS, to=[KOFI]), arrival())

    back = come_in("Yes?", sender=KOFI, in_reply_to=sent.message_id)

    assert back.conversation == sent.conversation
    assert Conversation.objects.get().status == "open"


def test_our_own_reply_found_in_the_sent_folder_is_the_one_we_have() -> None:
    ours = answer(come_in().conversation)

    assert take_over(letter(ours.text, sender=OURS, message_id=ours.message_id), arrival()) == ours


def test_a_copy_to_ourselves_that_came_first_is_the_one_we_have() -> None:
    mail = letter("x", sender=OURS, to=[ODILE])
    copy = receive(mail, arrival())

    assert take_over(mail, arrival()) == copy


def test_read_twice_it_is_one() -> None:
    mail = letter("Hello.", sender=OURS, to=[KOFI])

    assert take_over(mail, arrival()) == take_over(mail, arrival())


def test_a_long_message_id_read_twice_is_one() -> None:
    mail = letter("Hello.", sender=OURS, to=[KOFI], message_id=f"<{'x' * 200}@{'y' * 190}.example>")

    assert take_over(mail, arrival()) == take_over(mail, arrival())


def test_an_old_answer_does_not_end_the_waiting() -> None:
    first = come_in()
    old = letter("Last year.", sender=OURS, to=[ODILE], in_reply_to=first.message_id, date=now() - timedelta(days=300))

    take_over(old, arrival(is_history=True))

    conversation = Conversation.objects.get()
    assert (conversation.waiting_since, conversation.last_line) == (first.at, first.text)


def test_to_nobody_it_still_is_kept() -> None:
    sent = take_over(letter("Draft-like.", sender=OURS, to=[]), arrival())

    assert sent.conversation.contact.handles.count() == 0
