"""A conversation is split where something else begins, and is one again when that was a mistake."""

from __future__ import annotations

import uuid

import pytest

from makegood.agents.models import Agent
from makegood.conversations.actions import merging, splitting
from makegood.conversations.actions.noting import write_note
from makegood.conversations.errors import MergedInto, NothingBefore
from makegood.conversations.models import Conversation, Message, Split
from makegood.conversations.tests.factories import KOFI, answer, come_in
from makegood.conversations.tests.test_merging import found, fresh, merge, texts, told
from makegood.conversations.tests.test_receiving import participants, token_address

pytestmark = pytest.mark.django_db


@pytest.fixture
def tent() -> Conversation:
    first = come_in("The pole cracked.", subject="Tent")
    come_in("And the bag is torn.", subject="Bag", in_reply_to=first.message_id)
    come_in("A photo of the bag.", subject="Bag", in_reply_to=first.message_id)
    return first.conversation


def message(text: str) -> Message:
    return Message.objects.get(text=text)


def split(text: str, by: Agent) -> Split:
    return splitting.split(message(text), by=by)


def test_a_message_and_all_after_it_become_a_conversation_of_the_same_customer(
    tent: Conversation, marisol: Agent
) -> None:
    write_note(tent, "The bag is from May.", key=uuid.uuid4(), by=marisol)

    row = split("And the bag is torn.", marisol)

    bag = row.target
    assert (texts(tent), texts(bag)) == (["The pole cracked."], ["And the bag is torn.", "A photo of the bag."])
    assert [note.text for note in bag.notes.all()] == ["The bag is from May."]
    assert (bag.subject, bag.contact, bag.inbox, fresh(bag).status) == ("Bag", tent.contact, tent.inbox, "open")
    assert (fresh(tent).last_line, fresh(bag).last_line) == ("The pole cracked.", "A photo of the bag.")
    assert fresh(bag).waiting_since == message("And the bag is torn.").at
    assert participants(bag) == {"odile@fenwick.example": True}
    assert (found("photo", marisol), found("pole", marisol)) == ([bag], [tent])
    assert (told(tent)[-1], told(bag)) == ("conversation.split", ["conversation.opened", "conversation.split_off"])


def test_an_answer_to_a_letter_that_went_along_joins_the_new_one_and_the_token_the_old(
    tent: Conversation, marisol: Agent
) -> None:
    ours = answer(tent, "Of the bag.", by=marisol)
    bag = split("And the bag is torn.", marisol).target

    token = token_address(tent).email
    answered = come_in("Thanks.", delivered_to=[token], in_reply_to=ours.message_id)
    named = come_in("One more.", in_reply_to=message("A photo of the bag.").message_id)
    bare = come_in("The pole?", delivered_to=[token])

    assert (answered.conversation, named.conversation, bare.conversation) == (bag, bag, tent)


def test_undone_all_is_where_it_was_and_what_was_written_since_comes_along(tent: Conversation, marisol: Agent) -> None:
    row = split("And the bag is torn.", marisol)
    come_in("Since.", delivered_to=[token_address(row.target).email])

    splitting.undo_split(row, by=marisol)
    splitting.undo_split(row, by=marisol)

    assert texts(tent) == ["The pole cracked.", "And the bag is torn.", "A photo of the bag.", "Since."]
    assert (fresh(row.target).status, fresh(row.target).merged_into) == ("merged", tent)
    assert told(tent).count("conversation.rejoined") == 1
    assert found("photo", marisol) == [tent]
    assert come_in("And?", delivered_to=[token_address(row.target).email]).conversation == tent


def test_what_another_wrote_becomes_theirs_and_they_are_shown_no_letter_of_others(
    tent: Conversation, marisol: Agent
) -> None:
    token = token_address(tent).email
    come_in("Kofi here.", sender=KOFI, delivered_to=[token])
    alone = split("Kofi here.", marisol).target
    come_in("Kofi again.", sender=KOFI, delivered_to=[token])
    come_in("And Odile.", delivered_to=[token])
    mixed = split("Kofi again.", marisol).target

    assert [one.contact.name for one in (alone, mixed)] == ["Kofi Larkspur", "Kofi Larkspur"]
    assert participants(alone) == {"kofi@larkspur.example": True}
    assert participants(mixed) == {"kofi@larkspur.example": False, "odile@fenwick.example": True}


def test_the_first_message_cannot_be_split_off(tent: Conversation, marisol: Agent) -> None:
    with pytest.raises(NothingBefore):
        split("The pole cracked.", marisol)


def test_what_had_come_by_a_merge_goes_home_whichever_is_undone_first(tent: Conversation, marisol: Agent) -> None:
    refund = come_in("The refund?", subject="Refund").conversation
    come_in("Soon?", delivered_to=[token_address(refund).email])
    for first in ("merge", "split"):
        merged = merge(refund, tent, marisol)
        row = split("Soon?", marisol)
        assert (texts(tent)[-1], texts(row.target)) == ("The refund?", ["Soon?"])
        acts = {
            "merge": lambda m=merged: merging.undo_merge(m, by=marisol),
            "split": lambda s=row: splitting.undo_split(s, by=marisol),
        }
        acts.pop(first)()
        acts.popitem()[1]()

        assert texts(refund) == ["The refund?", "Soon?"]
        assert texts(tent) == ["The pole cracked.", "And the bag is torn.", "A photo of the bag."]


def test_a_split_of_what_was_split_off_goes_home_whichever_is_undone_first(tent: Conversation, marisol: Agent) -> None:
    before = texts(tent)
    for order in (1, -1):
        rows = [split("And the bag is torn.", marisol), split("A photo of the bag.", marisol)]
        assert texts(rows[1].target) == ["A photo of the bag."]
        for row in rows[::order]:
            splitting.undo_split(row, by=marisol)

        assert texts(tent) == before


def test_what_it_was_split_off_from_does_not_stand_in_it_when_it_goes_back(tent: Conversation, marisol: Agent) -> None:
    row = split("And the bag is torn.", marisol)
    back = merge(tent, row.target, marisol)
    with pytest.raises(MergedInto):
        splitting.undo_split(row, by=marisol)

    merging.undo_merge(back, by=marisol)
    splitting.undo_split(row, by=marisol)

    assert texts(tent) == ["The pole cracked.", "And the bag is torn.", "A photo of the bag."]


def test_what_was_split_off_and_merged_elsewhere_leaves_no_empty_conversation(
    tent: Conversation, marisol: Agent
) -> None:
    other = come_in("Another.", subject="Other").conversation
    row = split("And the bag is torn.", marisol)
    merged = merge(row.target, other, marisol)

    splitting.undo_split(row, by=marisol)
    assert (texts(other), len(texts(tent))) == (["Another."], 3)
    merging.undo_merge(merged, by=marisol)

    assert (fresh(row.target).status, fresh(row.target).merged_into) == ("merged", tent)
    assert (texts(other), len(texts(tent))) == (["Another."], 3)
