"""What one customer wrote, or a colleague calls a conversation, is in no letter to anybody else, merged or not."""

from __future__ import annotations

import pytest

from makegood.agents.models import Agent, Role, Team
from makegood.agents.tests.people import signed_in
from makegood.conversations.actions import merging, renaming, splitting
from makegood.conversations.actions.auto_answering import answer_by_itself
from makegood.conversations.actions.replying import Letter, begin
from makegood.conversations.envelope import Address, Kind
from makegood.conversations.models import Conversation, Message
from makegood.conversations.queries.writing import known_of, recipients_of
from makegood.conversations.tests.factories import KOFI, ODILE, agent, answer, come_in, inbox

pytestmark = pytest.mark.django_db
HOME, STRANGER = Address("Odile", "odile@home.example"), Address("Z", "z@new.example")
SECRET = "Kofi's divorce papers"


@pytest.fixture
def marisol() -> Agent:
    return agent()


def fresh(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def kofis(marisol: Agent) -> Conversation:
    """Answered."""
    conversation = come_in("Private.", sender=KOFI, subject=SECRET).conversation
    answer(fresh(conversation), by=marisol, to=(KOFI,))
    return conversation


@pytest.mark.parametrize("to", [ODILE, HOME, STRANGER])
def test_a_reply_after_a_merge_names_no_letter_of_the_other_customer(marisol: Agent, to: Address) -> None:
    odiles = come_in("Help.", subject="My order", reply_to=[HOME]).conversation
    other = kofis(marisol)
    merging.merge(fresh(other), into=fresh(odiles), by=marisol)

    sent = answer(fresh(odiles), "Hello.", by=marisol, to=(to,))

    assert sent.subject == "Re: My order"
    assert other.token not in f"{sent.references} {sent.in_reply_to}"


def test_a_letter_that_came_by_a_merge_proposes_nobody(marisol: Agent) -> None:
    ours = begin(inbox(), Letter(text="About your order.", to=[ODILE], subject="Your order"), by=marisol).conversation
    merging.merge(fresh(kofis(marisol)), into=fresh(ours), by=marisol)
    newest = list(fresh(ours).messages.order_by("-at", "-pk"))

    assert recipients_of(fresh(ours), newest) == ([[ODILE.name, ODILE.email]], [])
    assert known_of(fresh(ours), newest) == (ODILE.email,)


def test_a_colleague_s_name_for_it_never_leaves(marisol: Agent) -> None:
    away = come_in("I am away.", kind=Kind.AUTO_REPLY, subject="Order 5").conversation
    renaming.rename(away, "Probable fraudster", by=marisol)
    ours = begin(inbox(), Letter(text="Hello.", to=[ODILE], subject="About your order"), by=marisol).conversation
    Message.objects.filter(conversation=ours).update(state=Message.FAILED)
    renaming.rename(fresh(ours), "Probable fraudster", by=marisol)

    sent = [answer(fresh(one), "Again.", by=marisol).subject for one in (away, ours)]

    assert sent == ["Re: Order 5", "Re: About your order"]


def test_an_automatic_answer_is_called_after_the_letter_that_it_answers(marisol: Agent) -> None:
    letter = come_in("Help.", subject="My order")
    renaming.rename(letter.conversation, "Probable fraudster", by=marisol)

    sent = answer_by_itself(Message.objects.get(pk=letter.pk), "Thank you.", is_history=False)

    assert sent is not None
    assert sent.subject == "Auto: My order"


@pytest.mark.parametrize("merged", ["part", "rest"])
def test_a_split_is_not_undone_out_of_or_into_an_inbox_that_one_may_not_open(marisol: Agent, merged: str) -> None:
    returns = inbox("returns@quillfeather.example", "Returns", is_open_to_all=False)
    chief = agent("Ines Brandt", Role.ADMIN)
    first = come_in("The pole.")
    second = come_in("And the bag.", in_reply_to=first.message_id)
    row = splitting.split(second, by=marisol)
    hidden = come_in("Elsewhere.", returns, sender=KOFI).conversation
    gone = row.target if merged == "part" else row.source
    merging.merge(fresh(gone), into=fresh(hidden), by=chief)
    seen = row.source if merged == "part" else row.target
    before = sorted(Message.objects.values_list("pk", "conversation"))

    answered = signed_in(marisol).post(f"/conversations/{seen.pk}/splits/{row.pk}/delete")

    assert answered.status_code == 404
    assert sorted(Message.objects.values_list("pk", "conversation")) == before
    assert Team.objects.count() == 0


def test_a_thank_you_of_last_month_waits_for_nothing_when_it_is_merged(marisol: Agent) -> None:
    from makegood.conversations.actions.closing import close

    thanks = come_in("Thanks, all good!").conversation
    close(thanks, by=marisol)
    open_one = come_in("The bag.", message_id="<bag@x.example>").conversation
    answer(fresh(open_one), by=marisol)

    merging.merge(fresh(thanks), into=fresh(open_one), by=marisol)

    assert fresh(open_one).waiting_since is None
