"""Conversations are merged, and come apart again: nothing is lost, nothing doubled, nobody is shown more."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from makegood.agents.models import Agent
from makegood.channels import outbox
from makegood.channels.email.writing import compose
from makegood.channels.models import OutboxMail
from makegood.clock.now import now
from makegood.conversations.actions import closing, merging, spam
from makegood.conversations.actions.delivering import note_outcome, note_queued
from makegood.conversations.actions.drafting import save_draft
from makegood.conversations.actions.following import follow
from makegood.conversations.actions.noting import write_note
from makegood.conversations.actions.replying import undo
from makegood.conversations.actions.tagging import tag
from makegood.conversations.envelope import Address, Bounce, Kind
from makegood.conversations.errors import IntoItself, IntoSpam, MergedMeanwhile
from makegood.conversations.models import Conversation, Draft, Follow, Merge, Message
from makegood.conversations.queries.finding import find, understood
from makegood.conversations.queries.listing import page_of
from makegood.conversations.queries.shelves import Shelf
from makegood.conversations.queries.writing import composer_of
from makegood.conversations.tests.factories import KOFI, ODILE, answer, come_in, inbox
from makegood.conversations.tests.test_receiving import participants, token_address
from makegood.eventlog.models import LoggedEvent
from makegood.inboxes.models import Inbox
from makegood.search.grammar import parse
from makegood.search.models import SearchDocument

pytestmark = pytest.mark.django_db


@pytest.fixture
def refund() -> Conversation:
    return come_in("The refund?", subject="Refund").conversation


@pytest.fixture
def tent() -> Conversation:
    return come_in("The pole cracked.", subject="Tent").conversation


def fresh(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def merge(source: Conversation, into: Conversation, by: Agent) -> Merge:
    return merging.merge(fresh(source), into=fresh(into), by=by)


def texts(conversation: Conversation) -> list[str]:
    return list(conversation.messages.order_by("pk").values_list("text", flat=True))


def found(text: str, by: Agent) -> list[Conversation]:
    return [one.conversation for one in find(understood(parse(text))[0], by)]


def told(conversation: Conversation) -> list[str]:
    return list(
        LoggedEvent.objects.filter(conversation_id=conversation.pk).order_by("id").values_list("name", flat=True)
    )


def test_all_that_was_written_stands_in_the_other(refund: Conversation, tent: Conversation, marisol: Agent) -> None:
    write_note(refund, "Careful.", key=uuid.uuid4(), by=marisol)
    tag(refund, "money", by=marisol)
    follow(refund, by=marisol)

    row = merge(refund, tent, marisol)

    assert (texts(refund), texts(tent)) == ([], ["The refund?", "The pole cracked."])
    assert [note.text for note in tent.notes.all()] == ["Careful."]
    assert [label.name for label in tent.tags.all()] == ["money"]
    assert list(Follow.objects.filter(conversation=tent).values_list("agent", flat=True)) == [marisol.pk]
    assert (fresh(refund).status, fresh(refund).merged_into) == ("merged", tent)
    assert told(refund)[-1:] == ["conversation.merged"]
    last = LoggedEvent.objects.filter(conversation_id=tent.pk).latest("id")
    assert (last.name, last.data) == ("conversation.took_in", {"other_id": refund.pk, "merge_id": row.pk})


def test_the_list_and_the_search_follow_at_once(refund: Conversation, tent: Conversation, marisol: Agent) -> None:
    merge(refund, tent, marisol)

    assert [row.id for row in page_of(Shelf(), marisol).rows] == [tent.pk]
    assert (found("refund", marisol), found("is:open", marisol), found("-tag:x", marisol)) == ([tent], [tent], [tent])


def test_who_waits_and_the_newest_line_are_right_in_both(
    tent: Conversation, refund: Conversation, marisol: Agent
) -> None:
    Message.objects.filter(conversation=refund).update(at=now() - timedelta(hours=2))
    answer(tent, by=marisol)
    waited = fresh(refund).waiting_since  # what the other was answered is no answer to that
    merge(refund, tent, marisol)
    merged = fresh(tent)
    newest = come_in("And the bag?", delivered_to=[token_address(refund).email])

    assert (merged.waiting_since, merged.last_line) == (waited, "A new one is on its way.")
    assert fresh(refund).waiting_since is None
    assert (fresh(tent).waiting_since, fresh(tent).last_line) == (waited, "And the bag?")
    assert newest.conversation == tent


def test_new_mail_to_the_token_and_under_the_message_ids_joins_the_other_through_chains(
    refund: Conversation, tent: Conversation, marisol: Agent
) -> None:
    theirs, ours = refund.messages.get(), answer(refund, by=marisol)
    third = come_in("A third.", subject="Third").conversation
    merge(refund, tent, marisol)
    merge(tent, third, marisol)

    came = [
        come_in("By token.", delivered_to=[token_address(refund).email]),
        come_in("By its id.", in_reply_to=theirs.message_id),
        come_in("By ours.", sender=Address("", "odile@work.example"), references=[ours.message_id]),
        come_in("By the next token.", delivered_to=[token_address(tent).email]),
    ]

    assert [message.conversation for message in came] == [third] * 4


def test_what_came_with_it_goes_back_and_what_was_written_since_stays(
    refund: Conversation, tent: Conversation, marisol: Agent
) -> None:
    write_note(refund, "Careful.", key=uuid.uuid4(), by=marisol)
    tag(refund, "money", by=marisol)
    row = merge(refund, tent, marisol)
    come_in("Since.", delivered_to=[token_address(refund).email])

    merging.undo_merge(row, by=marisol)
    merging.undo_merge(row, by=marisol)

    assert (texts(refund), texts(tent)) == (["The refund?"], ["The pole cracked.", "Since."])
    assert [list(one.notes.values_list("text", flat=True)) for one in (refund, tent)] == [["Careful."], []]
    assert [list(one.tags.values_list("name", flat=True)) for one in (refund, tent)] == [["money"], []]
    assert (fresh(refund).status, fresh(refund).merged_into, fresh(refund).last_line) == ("open", None, "The refund?")
    assert (told(refund)[-1], told(tent)[-1]) == ("conversation.unmerged", "conversation.gave_back")
    assert told(tent).count("conversation.gave_back") == 1
    assert (found("refund", marisol), found("since", marisol)) == ([refund], [tent])
    back = come_in("And now?", delivered_to=[token_address(refund).email])
    assert back.conversation == refund


def test_the_middle_of_a_chain_can_be_undone_by_itself(
    refund: Conversation, tent: Conversation, marisol: Agent
) -> None:
    third = come_in("A third.", subject="Third").conversation
    tag(refund, "money", by=marisol)
    first, second = merge(refund, tent, marisol), merge(tent, third, marisol)

    merging.undo_merge(first, by=marisol)
    assert (texts(refund), texts(third)) == (["The refund?"], ["The pole cracked.", "A third."])
    assert [list(one.tags.values_list("name", flat=True)) for one in (tent, third)] == [[], []]

    merging.undo_merge(second, by=marisol)
    assert (texts(tent), texts(third)) == (["The pole cracked."], ["A third."])


def test_a_draft_follows_and_comes_back(refund: Conversation, tent: Conversation, marisol: Agent) -> None:
    fields: dict[str, Any] = {"mode": "reply", "to": "", "cc": "", "bcc": ""}
    save_draft(refund, {**fields, "key": uuid.uuid4(), "text": "Half a reply"}, by=marisol)
    row = merge(refund, tent, marisol)
    assert composer_of(fresh(tent), marisol, []).text == "Half a reply"

    merging.undo_merge(row, by=marisol)

    assert [composer_of(one, marisol, []).text for one in (fresh(tent), fresh(refund))] == ["", "Half a reply"]


def test_what_is_typed_on_a_page_that_was_open_goes_to_the_other(
    refund: Conversation, tent: Conversation, marisol: Agent
) -> None:
    stale = fresh(refund)
    merge(refund, tent, marisol)

    fields = {"mode": "reply", "to": "", "cc": "", "bcc": "", "key": uuid.uuid4(), "text": "Half a reply"}
    save_draft(stale, fields, by=marisol)
    note = write_note(stale, "Called.", key=uuid.uuid4(), by=marisol)
    letter = answer(stale, by=marisol)

    assert (Draft.objects.get().conversation, note.conversation, letter.conversation) == (tent, tent, tent)
    assert SearchDocument.objects.exclude(conversation_id=tent.pk).count() == 0


def test_a_reply_in_its_undo_time_leaves_with_its_bytes_and_its_state_lands_on_it(
    refund: Conversation, tent: Conversation, marisol: Agent
) -> None:
    Inbox.objects.update(settings={"plus_addressing": True})
    refund = fresh(refund)
    waiting, queued = answer(refund, "Waiting.", by=marisol), answer(refund, "Queued.", by=marisol)
    before = compose(Message.objects.get(pk=waiting.pk)).content.split(b"MIME-Version")[0]
    assert refund.token.encode() in before.partition(b"Reply-To")[2]
    outbox.queue(Message.objects.get(pk=queued.pk))
    kept = bytes(OutboxMail.objects.get().content or b"")

    merge(refund, tent, marisol)
    outbox.queue(Message.objects.get(pk=waiting.pk))
    note_outcome(Message.objects.get(pk=queued.pk), {ODILE.email: (Message.FAILED, "550 no")})

    assert compose(Message.objects.get(pk=waiting.pk)).content.split(b"MIME-Version")[0] == before
    assert bytes(OutboxMail.objects.get(message=queued).content or b"") == kept
    assert set(tent.messages.filter(direction="out").values_list("text", "state")) == {
        ("Waiting.", "queued"), ("Queued.", "failed"),
    }  # fmt: skip
    assert (fresh(tent).is_trouble, fresh(refund).is_trouble) == (True, False)


def test_a_bounce_of_a_letter_of_the_one_is_told_in_the_other(
    refund: Conversation, tent: Conversation, marisol: Agent
) -> None:
    ours = answer(refund, by=marisol)
    note_queued(ours, [ODILE.email])
    merge(refund, tent, marisol)

    bounce = Bounce(recipients=[ODILE.email], original_message_id=ours.message_id, hard=True, said="550 unknown")
    come_in("It came back.", sender=Address("", "mailer@fenwick.example"), kind=Kind.BOUNCE, bounce=bounce)

    assert (Message.objects.get(pk=ours.pk).state, fresh(tent).is_trouble) == ("failed", True)


def test_a_reply_that_is_called_back_after_the_merge_is_a_draft_there(
    refund: Conversation, tent: Conversation, marisol: Agent
) -> None:
    letter = answer(refund, "Wait!", by=marisol)
    row = merge(refund, tent, marisol)

    draft = undo(letter, by=marisol)
    merging.undo_merge(row, by=marisol)

    assert (draft.conversation, draft.text, Draft.objects.get().conversation) == (tent, "Wait!", tent)


def test_an_open_one_opens_the_other_and_undone_it_is_closed_again(
    refund: Conversation, tent: Conversation, marisol: Agent
) -> None:
    closing.close(tent, by=marisol)
    row = merge(refund, tent, marisol)
    assert (fresh(tent).status, "conversation.reopened" in told(tent)) == ("open", True)

    answer(refund, by=marisol)
    merging.undo_merge(row, by=marisol)

    assert (fresh(tent).status, fresh(refund).status) == ("closed", "open")


@pytest.mark.parametrize(
    ("source", "into", "after"),
    [
        ("open", "closed", "open"), ("open", "snoozed", "open"), ("snoozed", "closed", "open"),
        ("snoozed", "snoozed", "snoozed"), ("closed", "closed", "closed"), ("closed", "snoozed", "snoozed"),
    ],
)  # fmt: skip
def test_what_was_still_to_be_done_is_not_put_out_of_sight(
    source: str, into: str, after: str, refund: Conversation, tent: Conversation, marisol: Agent
) -> None:
    for one, status in ((refund, source), (tent, into)):
        later = now() + timedelta(days=1) if status == "snoozed" else None
        Conversation.objects.filter(pk=one.pk).update(status=status, snoozed_until=later)

    merge(refund, tent, marisol)

    assert fresh(tent).status == after


def test_what_was_snoozed_is_snoozed_again_and_does_not_wake_meanwhile(
    refund: Conversation, tent: Conversation, marisol: Agent
) -> None:
    closing.snooze(refund, until=now() + timedelta(hours=1), by=marisol)
    until = fresh(refund).snoozed_until
    row = merge(refund, tent, marisol)
    Conversation.objects.filter(pk=refund.pk).update(snoozed_until=now() - timedelta(hours=1))
    assert closing.wake_due() == 0

    merging.undo_merge(row, by=marisol)

    assert (fresh(refund).status, fresh(refund).snoozed_until) == ("snoozed", until)


def test_another_customer_takes_part_unverified_and_is_shown_nothing(tent: Conversation, marisol: Agent) -> None:
    kofi = come_in("My bag.", sender=KOFI, subject="Bag").conversation
    answer(kofi, to=[KOFI, Address("", "lodger@larkspur.example")], by=marisol)
    row = merge(kofi, tent, marisol)

    assert participants(tent) == {
        "odile@fenwick.example": True, "kofi@larkspur.example": False, "lodger@larkspur.example": False,
    }  # fmt: skip
    assert fresh(tent).contact.name == "Odile Fenwick"

    merging.undo_merge(row, by=marisol)
    assert participants(tent) == {"odile@fenwick.example": True}
    assert participants(kofi) == {"kofi@larkspur.example": True, "lodger@larkspur.example": True}


def test_another_customer_goes_on_answering_their_own_letters_and_no_others(tent: Conversation, marisol: Agent) -> None:
    bag = come_in("My bag.", sender=KOFI, subject="Bag")
    pole = tent.messages.get()
    merge(bag.conversation, tent, marisol)

    own = come_in("Any news of my bag?", sender=KOFI, in_reply_to=bag.message_id)
    other = come_in("Whose is this?", sender=KOFI, in_reply_to=pole.message_id)

    assert own.conversation == tent
    assert (other.conversation != tent, other.conversation.may_belong_to) == (True, tent)


def test_the_customers_other_address_stays_verified(tent: Conversation, marisol: Agent) -> None:
    work = Address("Odile Fenwick", "odile@work.example")
    second = come_in("From work.", sender=work, subject="Bag").conversation
    second.contact.handles.update(contact=tent.contact)
    Conversation.objects.filter(pk=second.pk).update(contact=tent.contact)

    merge(second, tent, marisol)

    assert participants(tent) == {"odile@fenwick.example": True, "odile@work.example": True}


def test_whoever_has_written_since_stays_when_it_is_undone(tent: Conversation, marisol: Agent) -> None:
    bag = come_in("My bag.", sender=KOFI, subject="Bag")
    row = merge(bag.conversation, tent, marisol)
    come_in("Any news?", sender=KOFI, in_reply_to=bag.message_id)

    merging.undo_merge(row, by=marisol)

    assert participants(tent) == {"odile@fenwick.example": True, "kofi@larkspur.example": False}


def test_what_both_have_is_there_once_and_stays(refund: Conversation, tent: Conversation, marisol: Agent) -> None:
    for one in (refund, tent):
        tag(one, "money", by=marisol)
    row = merge(refund, tent, marisol)
    assert [label.name for label in tent.tags.all()] == ["money"]

    merging.undo_merge(row, by=marisol)

    assert [[label.name for label in one.tags.all()] for one in (refund, tent)] == [["money"], ["money"]]


def test_across_inboxes_the_others_inbox_holds_and_answers_to_the_first_go_on_joining(
    refund: Conversation, marisol: Agent
) -> None:
    returns = inbox("returns@quillfeather.example", "Returns")
    sent_back = come_in("Sent back.", to=returns, subject="Parcel").conversation
    ours = answer(refund, by=marisol)
    row = merge(refund, sent_back, marisol)

    by_token = come_in("By token.", delivered_to=[token_address(refund).email])
    by_id = come_in("By ours.", in_reply_to=ours.message_id)
    back_there = answer(fresh(sent_back), by=marisol)

    assert (by_token.conversation, by_id.conversation) == (sent_back, sent_back)
    assert (back_there.inbox, back_there.from_email) == (returns, returns.address)
    assert set(SearchDocument.objects.values_list("conversation_id", "scope")) == {(sent_back.pk, returns.pk)}
    merging.undo_merge(row, by=marisol)
    assert set(SearchDocument.objects.values_list("conversation_id", "scope")) == {
        (sent_back.pk, returns.pk), (refund.pk, inbox().pk),
    }  # fmt: skip


def test_not_into_itself_not_twice_and_not_where_nobody_would_read_it(
    refund: Conversation, tent: Conversation, marisol: Agent
) -> None:
    third = come_in("A third.", subject="Third").conversation
    with pytest.raises(IntoItself):
        merge(tent, tent, marisol)
    spam.mark_spam(tent, by=marisol)
    with pytest.raises(IntoSpam):
        merge(refund, tent, marisol)
    spam.clear_of_spam(tent, by=marisol)
    merge(refund, tent, marisol)
    for source, into in ((refund, third), (tent, refund), (third, refund)):
        with pytest.raises(MergedMeanwhile):
            merge(source, into, marisol)
    assert Merge.objects.count() == 1


def test_a_hint_that_is_answered_by_the_merge_goes(marisol: Agent) -> None:
    first = come_in()
    second = come_in("Me too.", sender=KOFI, in_reply_to=first.message_id).conversation
    assert second.may_belong_to == first.conversation

    merge(first.conversation, second, marisol)

    assert fresh(second).may_belong_to is None


def test_a_letter_costs_no_statement_more_because_some_conversations_are_merged(
    refund: Conversation, tent: Conversation, marisol: Agent
) -> None:
    third = come_in("A third.", subject="Third")
    ours = answer(third.conversation, by=marisol)

    def cost(**fields: Any) -> int:
        with CaptureQueriesContext(connection) as counted:
            come_in("More.", **fields)
        return len(counted)

    def costs() -> list[int]:
        return [
            cost(delivered_to=[token_address(third.conversation).email]),
            cost(in_reply_to=third.message_id),
            cost(in_reply_to=ours.message_id),
        ]

    before = costs()
    merge(refund, tent, marisol)
    not_its = costs()
    merge(third.conversation, tent, marisol)

    assert (not_its, costs()) == (before, before)


def test_a_letter_handed_on_from_what_was_merged_is_compared_with_its_notes_all_the_same(
    refund: Conversation, tent: Conversation, marisol: Agent, browser: Client
) -> None:
    words = "They have returned four tents this year already, be careful."
    write_note(refund, words, key=uuid.uuid4(), by=marisol)
    merge(refund, tent, marisol)

    typed = {"inbox": inbox().pk, "to": KOFI.email, "subject": "x", "key": uuid.uuid4(), "text": words}
    page = browser.post(reverse("conversation-new"), {**typed, "origin": refund.pk})

    assert (page.status_code, page.context["held"].questions[0].kind) == (422, "note")
