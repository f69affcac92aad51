"""Who answers what is nobody's has it from then on."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from makegood.agents.models import Agent, Role, Team
from makegood.conversations.actions.assigning import assign
from makegood.conversations.actions.noting import write_note
from makegood.conversations.actions.replying import undo
from makegood.conversations.models import Conversation, Message
from makegood.conversations.tests.factories import agent, answer, come_in, written
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.tests.threads import at_once, on_postgres

pytestmark = pytest.mark.django_db


@pytest.fixture
def marisol() -> Agent:
    return agent()


@pytest.fixture
def conversation() -> Conversation:
    return come_in().conversation


def fresh(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def assignments() -> list[dict[str, int | None]]:
    return [event.data for event in LoggedEvent.objects.filter(name="conversation.assigned").order_by("id")]


def test_what_was_nobodys_is_theirs_who_answered_it_and_stays_with_its_team(
    conversation: Conversation, marisol: Agent
) -> None:
    workshop = Team.objects.create(name="Workshop")
    Conversation.objects.update(team=workshop)

    message = answer(fresh(conversation), by=marisol)

    assert (fresh(conversation).assignee, fresh(conversation).team) == (marisol, workshop)
    assert assignments() == [{"agent_id": marisol.pk, "team_id": workshop.pk, "message_id": message.pk}]


def test_the_timeline_says_so_in_one_line(client: Client, conversation: Conversation, marisol: Agent) -> None:
    client.force_login(marisol)

    page = client.post(reverse("replies", args=[conversation.pk]), written(), follow=True).content.decode()

    assert page.count("Marisol Quint took this") == 1
    assert "with you" in page


def test_timeline_and_audit_tell_alike_who_has_it_and_that_a_team_is_not_nobody(
    client: Client, conversation: Conversation, marisol: Agent
) -> None:
    chief, workshop = agent("Ines Brandt", Role.ADMIN), Team.objects.create(name="Workshop")
    for to, team in ((marisol, None), (None, workshop), (chief, None), (None, None)):
        assign(fresh(conversation), to=to, team=team, by=chief)
    Conversation.objects.update(team=None, assignee=chief)
    assign(fresh(conversation), to=None, by=chief)
    client.force_login(chief)

    told = [
        str(entry.words) for entry in client.get(reverse("conversation", args=[conversation.pk])).context["entries"]
    ]
    audit = [row.words for row in client.get("/settings/audit?name=conversation.assigned").context["rows"]]

    assert told[1:] == [
        "Ines Brandt gave this to Marisol Quint", "Ines Brandt gave this to Workshop", "Ines Brandt took this",
        "Ines Brandt gave this to Workshop", "Ines Brandt put this back to nobody",
    ]  # fmt: skip
    assert audit[::-1] == [
        "Ines Brandt gave the conversation to Marisol Quint", "Ines Brandt gave the conversation to Workshop",
        "Ines Brandt took the conversation", "Ines Brandt gave the conversation to Workshop",
        "Ines Brandt put the conversation back to nobody",
    ]  # fmt: skip


def test_what_is_somebodys_stays_theirs(conversation: Conversation, marisol: Agent) -> None:
    tobias = agent("Tobias Pell")
    assign(conversation, to=tobias, by=tobias)

    answer(fresh(conversation), by=marisol)

    assert (fresh(conversation).assignee, len(assignments())) == (tobias, 1)


def test_a_note_takes_nothing(conversation: Conversation, marisol: Agent) -> None:
    write_note(conversation, "Careful.", key=uuid.uuid4(), by=marisol)

    assert (fresh(conversation).assignee, assignments()) == (None, [])


def test_a_light_colleague_is_never_given_one_by_this(client: Client, conversation: Conversation) -> None:
    light = agent("Lena Marrow", role="light")
    client.force_login(light)

    client.post(reverse("replies", args=[conversation.pk]), written("Careful.", mode="note"))
    client.post(reverse("replies", args=[conversation.pk]), written())
    answer(conversation, by=light)

    assert (fresh(conversation).assignee, assignments()) == (None, [])


def test_called_back_it_is_nobodys_again(conversation: Conversation, marisol: Agent) -> None:
    message = answer(conversation, by=marisol)

    undo(message, by=marisol)

    assert fresh(conversation).assignee is None
    assert assignments()[1:] == [{"agent_id": None, "team_id": None, "message_id": None}]


def test_called_back_while_another_answer_of_theirs_leaves_it_stays_theirs(
    conversation: Conversation, marisol: Agent
) -> None:
    first = answer(conversation, "One moment.", by=marisol)
    answer(fresh(conversation), "It is on its way.", by=marisol)

    undo(first, by=marisol)

    assert fresh(conversation).assignee == marisol


def test_called_back_after_somebody_said_whose_it_is_that_holds(conversation: Conversation, marisol: Agent) -> None:
    """Also where they said that it is hers."""
    tobias = agent("Tobias Pell")
    for others in ([tobias], [tobias, marisol]):
        Conversation.objects.update(assignee=None)
        message = answer(fresh(conversation), by=marisol)
        for other in others:
            assign(fresh(conversation), to=other, by=tobias)

        undo(Message.objects.get(pk=message.pk), by=marisol)

        assert fresh(conversation).assignee == others[-1]


def test_what_was_taken_before_stays_when_an_answer_is_called_back(conversation: Conversation, marisol: Agent) -> None:
    assign(conversation, to=marisol, by=marisol)

    undo(answer(fresh(conversation), by=marisol), by=marisol)

    assert (fresh(conversation).assignee, len(assignments())) == (marisol, 1)


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_has_it() -> None:
    conversation = come_in().conversation
    people = [agent(f"Agent {number}") for number in range(4)]

    at_once(*[lambda a=one: answer(fresh(conversation), by=a) for one in people])

    assert [taken["agent_id"] for taken in assignments()] == [fresh(conversation).assignee_id]
