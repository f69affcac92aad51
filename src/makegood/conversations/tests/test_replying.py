"""A reply is written, may be taken back, and is one message however often it is handed in."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from makegood.conversations.actions import noting, replying
from makegood.conversations.actions.assigning import assign
from makegood.conversations.actions.closing import close
from makegood.conversations.actions.delivering import note_queued
from makegood.conversations.actions.drafting import draft_for, save_draft, was_sent
from makegood.conversations.actions.replying import Letter, begin, reply, reply_subject, undo
from makegood.conversations.addressing import kept
from makegood.conversations.envelope import Address
from makegood.conversations.errors import NobodyToWriteTo, NothingWritten, TooLateToUndo
from makegood.conversations.models import Attachment, Conversation, Draft, Message
from makegood.conversations.queries.finding import find
from makegood.conversations.tests.factories import KOFI, ODILE, agent, answer, come_in, inbox
from makegood.errors import Refused
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.tests.threads import at_once, on_postgres
from makegood.files.storing import store
from makegood.search.grammar import parse

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    return list(LoggedEvent.objects.order_by("id").values_list("name", flat=True))


def test_a_reply_waits_ten_seconds_and_nobody_waits_any_longer() -> None:
    first, marisol = come_in(), agent()

    message = answer(first.conversation, "On its way.", by=marisol)

    conversation = Conversation.objects.get()
    assert (message.state, message.send_at) == ("waiting", message.at + timedelta(seconds=10))
    assert (conversation.waiting_since, conversation.last_line) == (None, "On its way.")
    written = LoggedEvent.objects.get(name="reply.written")
    assert (written.actor, written.data) == (
        f"agent:{marisol.pk}", {"message_id": message.pk, "key": str(message.key)},
    )  # fmt: skip


def test_a_reply_names_the_letter_it_answers_and_all_before() -> None:
    first = come_in(references=["<older@fenwick.example>"])

    ours = answer(first.conversation)
    second = come_in("Thanks.", in_reply_to=ours.message_id, references=[*first.references.split(), ours.message_id])
    again = answer(second.conversation)

    assert (ours.in_reply_to, ours.references) == (first.message_id, f"<older@fenwick.example> {first.message_id}")
    assert again.in_reply_to == second.message_id
    assert again.references.split() == ["<older@fenwick.example>", ours.message_id, second.message_id]


def test_somebody_who_stands_in_to_and_cc_gets_one_letter_and_takes_part_once() -> None:
    conversation, loud = come_in().conversation, Address("", ODILE.email.upper())

    ours = reply(conversation, Letter("On its way.", to=[ODILE], cc=[loud, ODILE, KOFI]), by=agent())

    assert (ours.to, ours.cc) == (kept([ODILE]), kept([KOFI]))
    assert sorted(conversation.participants.values_list("email", flat=True)) == [KOFI.email, ODILE.email]


def test_of_many_references_the_first_and_the_newest_twenty_are_kept() -> None:
    ids = [f"<{n}@fenwick.example>" for n in range(40)]

    ours = answer(come_in(references=ids, message_id="<last@fenwick.example>").conversation)

    assert ours.references.split() == [ids[0], *ids[-19:], "<last@fenwick.example>"]


def test_a_reply_does_not_answer_an_automatic_message() -> None:
    first = come_in()
    come_in("Away.", kind="auto_reply", in_reply_to=first.message_id)

    assert answer(first.conversation).in_reply_to == first.message_id


@pytest.mark.parametrize(
    ("subject", "answered"),
    [
        ("Tent", "Re: Tent"),
        ("Re: Tent", "Re: Tent"),
        ("RE: Tent", "Re: Tent"),
        ("AW: Re: Tent", "Re: Tent"),
        ("", ""),
        ("  Tent ", "Re: Tent"),
    ],
)
def test_a_subject_gets_one_re(subject: str, answered: str) -> None:
    assert reply_subject(subject) == answered


def test_written_twice_it_is_one_message() -> None:
    conversation, key, marisol = come_in().conversation, uuid.uuid4(), agent()

    first, second = (answer(conversation, "Once.", key=key, by=marisol) for _ in range(2))

    assert first == second
    assert names().count("reply.written") == 1


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_written_twice_at_once_it_is_one_message() -> None:
    conversation, marisol = come_in().conversation, agent()
    letter = Letter(text="Once.", to=[ODILE])

    results = at_once(*[lambda: reply(conversation, letter, by=marisol)] * 4)

    assert {getattr(result, "pk", result) for result in results} == {Message.objects.get(direction="out").pk}


@on_postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mode", ["reply", "note"])
def test_what_is_saved_while_it_is_sent_is_no_draft_again(mode: str) -> None:
    conversation, marisol, key = come_in().conversation, agent(), uuid.uuid4()
    typed = {"key": key, "mode": mode, "text": "On its way.", "to": ODILE.email, "cc": "", "bcc": ""}
    save_draft(conversation, typed, by=marisol)
    letter = Letter("On its way.", to=[ODILE], key=key)
    write = {
        "reply": lambda: reply(conversation, letter, by=marisol),
        "note": lambda: noting.write_note(conversation, letter.text, key=key, by=marisol),
    }[mode]
    sending = threading.Thread(target=at_once, args=(write,))

    def and_it_is_sent(execute: Any, sql: str, *more: Any) -> Any:
        answered = execute(sql, *more)
        if '"draft"."text"' in sql and sql.startswith("SELECT") and not sending.ident:
            sending.start()
            sending.join(1)
        return answered

    with connection.execute_wrapper(and_it_is_sent):
        save_draft(conversation, typed, by=marisol)
    sending.join()

    assert (Draft.objects.count(), was_sent(key)) == (0, True)


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_a_letter_that_comes_in_while_a_reply_is_called_back_is_what_the_list_shows() -> None:
    first, marisol = come_in(), agent()
    assign(first.conversation, to=marisol, by=marisol)
    ours = answer(first.conversation, by=marisol)
    coming = threading.Thread(target=at_once, args=(lambda: come_in("And the pegs?", in_reply_to=first.message_id),))

    def and_a_letter_comes_in(execute: Any, sql: str, *more: Any) -> Any:
        answered = execute(sql, *more)
        if "is_automatic" in sql.partition("WHERE")[2] and not coming.ident:
            coming.start()
            coming.join(1)
        return answered

    with connection.execute_wrapper(and_a_letter_comes_in):
        undo(ours, by=marisol)
    coming.join()

    conversation = Conversation.objects.get()
    assert (conversation.last_line, conversation.waiting_since) == ("And the pegs?", first.at)


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_begun_twice_at_once_it_is_one_conversation() -> None:
    care, marisol = inbox(), agent()
    letter = Letter(text="Hello.", to=[ODILE], subject="News")

    at_once(*[lambda: begin(care, letter, by=marisol)] * 4)

    assert Conversation.objects.count() == 1
    assert Message.objects.count() == 1


def test_an_empty_reply_is_refused() -> None:
    conversation = come_in().conversation

    with pytest.raises(NothingWritten):
        answer(conversation, "  \n ")


def test_a_reply_to_nobody_is_refused() -> None:
    conversation = come_in().conversation

    with pytest.raises(NobodyToWriteTo):
        answer(conversation, to=[])


def test_a_refused_beginning_leaves_no_conversation() -> None:
    with pytest.raises(NothingWritten):
        begin(inbox(), Letter(text="", to=[ODILE], subject="x"), by=agent())

    assert (Conversation.objects.count(), names()) == (0, [])


def test_a_conversation_that_we_begin_is_with_whom_we_write_to() -> None:
    marisol = agent()

    message = begin(inbox(), Letter(text="Good news.", to=[KOFI], subject="Your stove"), by=marisol)

    conversation = message.conversation
    assert (str(conversation.contact), conversation.assignee) == (KOFI.name, marisol)
    assert (conversation.subject, message.subject) == ("Your stove", "Your stove")
    assert (message.in_reply_to, conversation.waiting_since) == ("", None)
    assert names() == ["contact.met", "conversation.opened", "reply.written"]


def test_whom_we_write_to_takes_part() -> None:
    first = come_in()

    answer(first.conversation, to=[ODILE], cc=[KOFI])

    assert come_in("Hello.", sender=KOFI, in_reply_to=first.message_id).conversation == first.conversation


def test_undo_turns_it_into_the_draft_it_was() -> None:
    marisol, conversation = agent(), come_in().conversation
    before = Conversation.objects.get()
    message = answer(conversation, "Too hasty.", by=marisol, cc=[KOFI], bcc=[Address("", "boss@larkspur.example")])
    key = message.key

    draft = undo(message, by=marisol)

    after = Conversation.objects.get()
    assert (draft.key, draft.text, draft.mode) == (key, "Too hasty.", "reply")
    assert draft.to == "Odile Fenwick <odile@fenwick.example>"
    assert (draft.cc, draft.bcc) == ("Kofi Larkspur <kofi@larkspur.example>", "boss@larkspur.example")
    assert Message.objects.filter(direction="out").count() == 0
    assert (after.waiting_since, after.last_line) == (before.waiting_since, before.last_line)
    assert names()[-2:] == ["reply.undone", "conversation.assigned"]


def test_what_was_called_back_is_found_no_more() -> None:
    marisol, conversation = agent(role="admin"), come_in().conversation
    message = answer(conversation, "Heliotrope.", by=marisol)
    assert len(find(parse("heliotrope"), marisol)) == 1

    undo(message, by=marisol)

    assert find(parse("heliotrope"), marisol) == []


def test_undo_of_send_and_close_opens_it_again() -> None:
    marisol, first = agent(), come_in()
    message = answer(first.conversation, by=marisol)
    close(message.conversation, by=marisol)

    undo(message, by=marisol)

    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.waiting_since) == ("open", first.at)


def test_what_was_called_back_can_be_sent_after_all() -> None:
    marisol, conversation = agent(), come_in().conversation
    key = uuid.uuid4()
    undo(answer(conversation, "First.", by=marisol, key=key), by=marisol)

    message = answer(conversation, "Second.", by=marisol, key=key)

    assert (message.text, Draft.objects.count()) == ("Second.", 0)


def test_files_go_from_the_draft_to_the_message_and_back() -> None:
    marisol, conversation = agent(), come_in().conversation
    draft = Draft.objects.create(agent=marisol, conversation=conversation)
    attachment = Attachment.objects.create(file=store("plan.pdf", "application/pdf", b"%PDF"), draft=draft)

    message = answer(conversation, "", key=draft.key, by=marisol)
    assert list(message.attachments.all()) == [attachment]

    assert list(undo(message, by=marisol).attachments.all()) == [attachment]


def test_undo_finds_a_draft_under_its_key_and_fills_it() -> None:
    marisol, conversation = agent(), come_in().conversation
    message = answer(conversation, "Too hasty.", by=marisol)
    Draft.objects.create(key=message.key, agent=marisol, conversation=conversation)

    undo(message, by=marisol)

    assert [draft.text for draft in Draft.objects.all()] == ["Too hasty."]


def test_what_somebody_else_writes_under_the_key_is_not_taken() -> None:
    conversation = come_in().conversation
    theirs = Draft.objects.create(agent=agent("Tobias Pell"), conversation=conversation, text="Theirs")
    file = Attachment.objects.create(file=store("plan.pdf", "application/pdf", b"%PDF"), draft=theirs)
    marisol, words = agent(), Letter(text="Mine.", to=[ODILE], subject="x", key=theirs.key)

    for write in (
        lambda: reply(conversation, words, by=marisol),
        lambda: begin(conversation.inbox, words, by=marisol),
        lambda: noting.write_note(conversation, "Mine.", key=theirs.key, by=marisol),
        lambda: draft_for(conversation, theirs.key, by=marisol),
    ):
        with pytest.raises(Refused, match="written under this page already"):
            write()

    assert (list(Draft.objects.all()), list(theirs.attachments.all())) == ([theirs], [file])
    assert (Message.objects.count(), Conversation.objects.count()) == (1, 1)


def test_a_key_that_was_sent_in_another_conversation_is_refused() -> None:
    marisol, first, second = agent(), come_in().conversation, come_in().conversation
    key = answer(first, by=marisol).key
    note = noting.write_note(first, "Careful.", key=uuid.uuid4(), by=marisol)

    for used in (key, note.key):
        with pytest.raises(Refused):
            answer(second, by=marisol, key=used)
        with pytest.raises(Refused):
            noting.write_note(second, "x", key=used, by=marisol)


def test_once_it_is_queued_undo_is_too_late() -> None:
    message = answer(come_in().conversation)
    assert note_queued(message, ["odile@fenwick.example"])

    with pytest.raises(TooLateToUndo):
        undo(message, by=agent())

    assert Message.objects.get(pk=message.pk).state == "queued"


def test_what_was_called_back_is_not_queued() -> None:
    marisol = agent()
    message = answer(come_in().conversation, by=marisol)
    late = Message.objects.get(pk=message.pk)
    undo(message, by=marisol)

    assert not note_queued(late, ["odile@fenwick.example"])


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_of_undo_and_sending_exactly_one_wins() -> None:
    marisol, conversation = agent(), come_in().conversation
    for _ in range(12):
        message = answer(conversation, by=marisol)
        mine, theirs = Message.objects.get(pk=message.pk), Message.objects.get(pk=message.pk)

        undone, queued = at_once(lambda m=mine: undo(m, by=marisol), lambda m=theirs: note_queued(m, ["o@f.example"]))

        assert isinstance(undone, Draft) != (queued is True), (undone, queued)
        assert Message.objects.filter(pk=message.pk).exists() == (queued is True)


def test_a_note_is_no_message_and_written_twice_one_note() -> None:
    conversation, key, marisol = come_in().conversation, uuid.uuid4(), agent()

    first, second = (noting.write_note(conversation, "Careful.", key=key, by=marisol) for _ in range(2))

    assert first == second
    assert Message.objects.count() == 1
    assert names()[-1] == "note.written"
    assert LoggedEvent.objects.get(name="note.written").data == {"note_id": first.pk}


def test_an_empty_note_is_refused() -> None:
    conversation = come_in().conversation

    with pytest.raises(NothingWritten):
        noting.write_note(conversation, " ", key=uuid.uuid4(), by=agent())


def test_the_undo_time_is_what_the_page_says() -> None:
    assert replying.UNDO_SECONDS == 10
