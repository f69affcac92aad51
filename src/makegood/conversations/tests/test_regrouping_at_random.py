"""Whatever is merged, split and taken back, in whatever order and at the same moment: each message stands once."""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from contextlib import suppress

import pytest

from makegood.agents.models import Agent
from makegood.conversations.actions import merging, splitting
from makegood.conversations.actions.noting import write_note
from makegood.conversations.actions.receiving import receive
from makegood.conversations.actions.replying import undo
from makegood.conversations.errors import MergedInto, NothingBefore
from makegood.conversations.models import Conversation, Merge, Message, Note, Split
from makegood.conversations.queries.whereabouts import now_at
from makegood.conversations.tests.factories import KOFI, ODILE, agent, answer, arrival, come_in, letter
from makegood.conversations.tests.test_merging import fresh
from makegood.conversations.tests.test_receiving import token_address
from makegood.errors import Refused
from makegood.eventlog.recording import action
from makegood.eventlog.tests.threads import at_once, on_postgres
from makegood.project.examining import _astray, _found_elsewhere, _unfindable

pytestmark = pytest.mark.django_db


class Desk:
    """Does one thing after the other, and remembers in which conversation each message was first."""

    def __init__(self, seed: int) -> None:
        self.chance, self.by = random.Random(seed), agent()
        self.first: dict[int, int] = {}

    def open_ones(self) -> list[Conversation]:
        return list(Conversation.objects.filter(merged_into=None).order_by("pk"))

    def receive_new(self) -> None:
        self._remember(come_in("New.", sender=self.chance.choice([ODILE, KOFI])))

    def receive_to_a_token(self) -> None:
        anywhere = self.chance.choice(list(Conversation.objects.order_by("pk")))
        self._remember(come_in("More.", delivered_to=[token_address(anywhere).email]))

    def receive_to_a_message(self) -> None:
        named = self.chance.choice(list(Message.objects.order_by("pk")))
        self._remember(come_in("Still.", in_reply_to=named.message_id))

    def reply(self) -> None:
        self._remember(answer(self.chance.choice(self.open_ones()), by=self.by))

    def note(self) -> None:
        write_note(self.chance.choice(self.open_ones()), "Called.", key=uuid.uuid4(), by=self.by)

    def call_back(self) -> None:
        if waiting := list(Message.objects.filter(state="waiting").order_by("pk")):
            chosen = self.chance.choice(waiting)
            del self.first[chosen.pk]
            undo(chosen, by=self.by)

    def merge(self) -> None:
        if len(self.open_ones()) > 1:
            source, into = self.chance.sample(self.open_ones(), 2)
            merging.merge(source, into=into, by=self.by)

    def split(self) -> None:
        with suppress(NothingBefore):
            splitting.split(self.chance.choice(list(Message.objects.order_by("pk"))), by=self.by)

    def take_back(self) -> bool:
        standing = [*Merge.objects.filter(undone_at=None), *Split.objects.filter(undone_at=None)]
        if standing:
            one = self.chance.choice(standing)
            if isinstance(one, Merge):
                merging.undo_merge(one, by=self.by)
            else:
                with suppress(MergedInto):
                    splitting.undo_split(one, by=self.by)
        return bool(standing)

    def _remember(self, message: Message) -> None:
        self.first[message.pk] = message.conversation_id


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_lost_or_doubled_and_all_undone_stands_as_at_first(seed: int) -> None:
    desk = Desk(seed)
    for _ in range(3):
        desk.receive_new()
    acts = [
        desk.receive_new, desk.receive_to_a_token, desk.receive_to_a_message, desk.reply, desk.note, desk.call_back,
        desk.merge, desk.merge, desk.split, desk.split, desk.take_back,
    ]  # fmt: skip
    for _ in range(40):
        desk.chance.choice(acts)()
        assert set(Message.objects.values_list("pk", flat=True)) == set(desk.first)
        assert (_astray(), _found_elsewhere(), _unfindable()) == (0, 0, 0)

    while desk.take_back():
        assert (_astray(), _found_elsewhere(), _unfindable()) == (0, 0, 0)

    split_off = set(Split.objects.values_list("target", flat=True))
    assert set(Conversation.objects.filter(status="merged").values_list("pk", flat=True)) == split_off
    where = dict(Message.objects.values_list("pk", "conversation"))
    assert where == {number: now_at(first).pk for number, first in desk.first.items()}


@pytest.mark.django_db(transaction=True)
@on_postgres
def test_what_comes_in_during_a_merge_is_in_one_of_the_two_before_or_in_the_other(marisol: Agent) -> None:
    for _ in range(8):
        source, into = come_in().conversation, come_in("Another.").conversation
        to = token_address(source).email
        incoming = [(letter("At this moment.", delivered_to=[to]), arrival()) for _ in range(3)]
        results = at_once(
            *[lambda i=one: receive(*i) for one in incoming],
            lambda s=source, t=into: merging.merge(fresh(s), into=fresh(t), by=marisol),
        )

        assert [one for one in results if isinstance(one, Exception)] == []
        assert (source.messages.count(), into.messages.count()) == (0, 5)
        assert (_astray(), _found_elsewhere(), _unfindable()) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
@on_postgres
def test_a_merge_lets_go_of_what_letters_in_one_transaction_want_next(marisol: Agent) -> None:
    """They are taken in one after the other, in any order of conversations: who waits for them must hold none."""
    first, second = come_in().conversation, come_in("Another.").conversation

    @action
    def take_in_together() -> float:
        begun = time.monotonic()
        receive(letter("To the second.", delivered_to=[token_address(second).email]), arrival())
        time.sleep(0.3)  # now the merge has begun
        receive(letter("To the first.", delivered_to=[token_address(first).email]), arrival())
        return time.monotonic() - begun

    def merge_meanwhile() -> None:
        time.sleep(0.1)
        merging.merge(fresh(first), into=fresh(second), by=marisol)

    took, merged = at_once(take_in_together, merge_meanwhile)

    assert (took < 0.9, merged) == (True, None)  # PostgreSQL finds a deadlock after a second
    assert (first.messages.count(), second.messages.count()) == (0, 4)


@pytest.mark.django_db(transaction=True)
@on_postgres
def test_of_two_merges_of_the_same_conversation_one_wins(marisol: Agent) -> None:
    for _ in range(5):
        one, two, three = (come_in(f"{n}.").conversation for n in range(3))
        results = at_once(
            lambda a=one, b=two: merging.merge(fresh(a), into=fresh(b), by=marisol),
            lambda a=one, c=three: merging.merge(fresh(a), into=fresh(c), by=marisol),
            lambda a=one, b=two: merging.merge(fresh(b), into=fresh(a), by=marisol),
        )

        kinds = Counter("refused" if isinstance(result, Refused) else type(result).__name__ for result in results)
        assert kinds in ({"Merge": 1, "refused": 2}, {"Merge": 2, "refused": 1})
        assert sum(c.messages.count() for c in Conversation.objects.filter(merged_into=None)) == Message.objects.count()
        assert (_astray(), _found_elsewhere(), _unfindable()) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
@on_postgres
def test_a_reply_a_note_and_a_call_back_at_the_moment_of_an_undo_or_a_merge_are_not_lost(marisol: Agent) -> None:
    for _ in range(6):
        source, into = come_in().conversation, come_in("Another.").conversation
        waiting = answer(source, "Wait.", by=marisol)
        merged = merging.merge(fresh(source), into=fresh(into), by=marisol)
        results = at_once(
            lambda m=merged: merging.undo_merge(m, by=marisol),
            lambda t=into: answer(fresh(t), "Now.", by=marisol),
            lambda t=into: write_note(fresh(t), "Noted.", key=uuid.uuid4(), by=marisol),
            lambda w=waiting: undo(Message.objects.get(pk=w.pk), by=marisol),
        )
        again = at_once(
            lambda s=source, t=into: merging.merge(fresh(s), into=fresh(t), by=marisol),
            lambda s=source: answer(fresh(s), "Once more.", by=marisol),
            lambda s=source: write_note(fresh(s), "Noted.", key=uuid.uuid4(), by=marisol),
        )

        assert [one for one in [*results, *again] if isinstance(one, Exception)] == []
        assert sorted(into.messages.values_list("text", flat=True)) == [
            "Another.", "Now.", "Once more.", "The pole cracked.",
        ]  # fmt: skip
        assert (Note.objects.filter(conversation=into).count(), into.drafts.get().text) == (2, "Wait.")
        assert (_astray(), _found_elsewhere(), _unfindable()) == (0, 0, 0)
