"""A conversation goes to another inbox: who may open that one sees it, and nobody else, wherever they look."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from makegood.agents.models import Agent, Role, Team
from makegood.channels.models import OutboxMail
from makegood.channels.queries import failed_work
from makegood.clock.now import now
from makegood.conversations.actions import merging, moving
from makegood.conversations.actions.assigning import assign
from makegood.conversations.actions.noting import write_note
from makegood.conversations.errors import AnotherChannel, HeldBack
from makegood.conversations.models import Conversation, Message
from makegood.conversations.queries.finding import find, understood
from makegood.conversations.queries.listing import page_of
from makegood.conversations.queries.shelves import Shelf
from makegood.conversations.tests.factories import agent, answer, come_in, inbox
from makegood.conversations.tests.test_merging import fresh
from makegood.conversations.tests.test_receiving import token_address
from makegood.eventlog.models import LoggedEvent
from makegood.inboxes.models import Inbox
from makegood.inboxes.queries import scopes_of
from makegood.project.examining import _found_elsewhere
from makegood.search.grammar import parse

pytestmark = pytest.mark.django_db


class Two:
    """Two teams, each with an inbox of its own and one who answers; and one who is in both."""

    def __init__(self) -> None:
        self.care, self.returns = self._inbox("care"), self._inbox("returns")
        self.marisol = self._agent("Marisol Quint", self.care)
        self.jonas = self._agent("Jonas Pell", self.returns)
        self.ines = self._agent("Ines Brandt", self.care, self.returns)

    def _inbox(self, name: str) -> Inbox:
        made = inbox(f"{name}@quillfeather.example", name.title(), is_open_to_all=False)
        made.team = Team.objects.create(name=name.title())
        made.save()
        made.teams.add(made.team)
        return made

    def _agent(self, name: str, *inboxes: Inbox) -> Agent:
        made = agent(name, Role.LEAD)
        for one in inboxes:
            one.teams.get().members.add(made)
        return made


@pytest.fixture
def two() -> Two:
    return Two()


def seen_by(one: Agent, conversation: Conversation) -> dict[str, bool]:
    """In every place where it could be."""
    one = Agent.objects.get(pk=one.pk)  # a new request
    client = Client()
    client.force_login(one)
    message = conversation.messages.earliest("pk")
    events = LoggedEvent.objects.filter(conversation_id=conversation.pk, scope__in=scopes_of(one))
    return {
        "page": client.get(reverse("conversation", args=[conversation.pk])).status_code == 200,
        "body": client.get(reverse("message-body", args=[message.pk])).status_code == 200,
        "list": any(row.id == conversation.pk for row in page_of(Shelf(), one).rows),
        "search": [found.conversation for found in find(understood(parse("pole"))[0], one)] == [conversation],
        "note": [found.conversation for found in find(understood(parse("saffron"))[0], one)] == [conversation],
        "failed work": bool(failed_work(scopes_of(one)).mails),
        "news": events.latest("id").name not in {"conversation.moved_away"} if events else False,
    }  # fmt: skip


def test_who_may_open_the_new_inbox_sees_it_everywhere_and_the_others_nowhere(two: Two) -> None:
    conversation = come_in("The pole cracked.", to=two.care).conversation
    write_note(conversation, "Saffron.", key=uuid.uuid4(), by=two.marisol)
    letter = answer(conversation, by=two.marisol)
    Message.objects.filter(pk=letter.pk).update(state=Message.FAILED)
    OutboxMail.objects.create(message=letter, inbox=two.care, state=OutboxMail.FAILED, next_at=now(), created_at=now())
    everywhere = dict.fromkeys(seen_by(two.ines, conversation), True)
    nowhere = dict.fromkeys(everywhere, False)
    assert (seen_by(two.marisol, conversation), seen_by(two.jonas, conversation)) == (everywhere, nowhere)

    moving.move(fresh(conversation), to=two.returns, by=two.ines)

    assert (seen_by(two.marisol, conversation), seen_by(two.jonas, conversation)) == (nowhere, everywhere)
    come_in("The pole again.", to=two.care, delivered_to=[token_address(conversation).email])
    write_note(fresh(conversation), "Saffron again.", key=uuid.uuid4(), by=two.jonas)
    assert (seen_by(two.marisol, conversation), seen_by(two.jonas, conversation)) == (nowhere, everywhere)
    assert _found_elsewhere() == 0


def test_both_inboxes_hear_of_it_and_the_timeline_tells_it(two: Two) -> None:
    conversation = come_in(to=two.care).conversation
    moving.move(conversation, to=two.returns, by=two.ines)
    moving.move(conversation, to=two.returns, by=two.ines)

    told = LoggedEvent.objects.filter(name__startswith="conversation.moved").order_by("id")
    assert [(event.name, event.scope, event.data) for event in told] == [
        ("conversation.moved_away", two.care.pk, {}),
        ("conversation.moved", two.returns.pk, {"from_inbox_id": two.care.pk}),
    ]
    pages = []
    for one in (two.ines, two.jonas):
        client = Client()
        client.force_login(one)
        entries = client.get(reverse("conversation", args=[conversation.pk])).context["entries"]
        pages.append([str(entry.words) for entry in entries if entry.kind == "event"])
    assert pages == [["Ines Brandt moved this here from Care"], ["Ines Brandt moved this here from (not yours)"]]


def test_answers_leave_from_the_new_inbox_and_those_to_the_old_address_go_on_joining(two: Two) -> None:
    first = come_in(to=two.care)
    conversation = first.conversation
    ours = answer(conversation, by=two.marisol)
    moving.move(conversation, to=two.returns, by=two.ines)

    from_there = answer(fresh(conversation), by=two.jonas)
    came = [
        come_in("By token.", to=two.care, delivered_to=[token_address(conversation).email]),
        come_in("By theirs.", to=two.care, in_reply_to=first.message_id),
        come_in("By ours.", to=two.care, in_reply_to=ours.message_id),
        come_in("By the new one.", to=two.returns, in_reply_to=from_there.message_id),
    ]

    assert (ours.inbox, from_there.inbox, from_there.from_email) == (two.care, two.returns, two.returns.address)
    assert [message.conversation for message in came] == [conversation] * 4
    assert [message.inbox for message in came] == [two.care] * 3 + [two.returns]


def test_a_token_still_joins_nothing_in_an_inbox_where_it_never_was(two: Two) -> None:
    conversation = come_in(to=two.care).conversation

    other = come_in("x", to=two.returns, delivered_to=[token_address(conversation).email])

    assert other.conversation != conversation


def test_it_stays_with_whom_it_is_when_they_may_open_the_new_one(two: Two) -> None:
    found = []
    for whose in (two.ines, two.marisol):
        conversation = come_in(to=two.care).conversation
        assign(conversation, to=whose, by=two.ines)
        moving.move(fresh(conversation), to=two.returns, by=two.ines)
        found.append((fresh(conversation).assignee, fresh(conversation).team))

    assert found == [(two.ines, two.returns.team), (None, two.returns.team)]


def test_not_where_the_customer_cannot_be_answered_and_not_what_is_held_back(two: Two) -> None:
    conversation = come_in(to=two.care).conversation
    with pytest.raises(AnotherChannel):
        moving.move(conversation, to=inbox("chat", "Chat", channel="fake", pk=77), by=two.ines)
    Conversation.objects.update(status="held")
    with pytest.raises(HeldBack):
        moving.move(fresh(conversation), to=two.returns, by=two.ines)


def test_only_inboxes_that_one_may_open_are_offered_and_taken(two: Two) -> None:
    conversation = come_in(to=two.care).conversation
    answers = {}
    for one in (two.marisol, two.jonas, two.ines):
        client = Client()
        client.force_login(one)
        page = client.get(reverse("conversation", args=[conversation.pk]))
        offered = [one.name for one in page.context["other_inboxes"]] if page.status_code == 200 else None
        answers[one.name] = (
            offered, client.post(reverse("move", args=[conversation.pk]), {"inbox": two.returns.pk}).status_code,
        )  # fmt: skip

    assert answers == {"Marisol Quint": ([], 422), "Jonas Pell": (None, 404), "Ines Brandt": (["Returns"], 302)}


def test_who_may_not_open_where_a_conversation_went_is_told_that_it_went(two: Two) -> None:
    source, into = come_in(to=two.care).conversation, come_in("Secret.", to=two.returns).conversation
    merging.merge(fresh(source), into=fresh(into), by=two.ines)
    client = Client()
    client.force_login(two.marisol)

    page = client.get(reverse("conversation", args=[source.pk]))

    assert (page.status_code, page.text.count("of an inbox that you may not open"), "Secret." in page.text) == (
        403, 1, False,
    )  # fmt: skip
