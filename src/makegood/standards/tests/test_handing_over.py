"""At closing time a team hands what waits to the next one, once, and nothing that the next one could not see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
import time_machine

from makegood.agents.actions import keeping_hours
from makegood.agents.models import Agent, House, Role, Team, WorkingHours
from makegood.conversations.actions import assigning
from makegood.conversations.models import Conversation
from makegood.conversations.tests.factories import agent, answer, come_in, inbox
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.reacting import react_all, start_at_end
from makegood.standards.actions import handing_over
from makegood.standards.jobs import follow_the_sun

pytestmark = pytest.mark.django_db


class Teams(NamedTuple):
    lisbon: Team
    denver: Team
    chief: Agent


def at(hour: int, minute: int = 0, day: int = 19) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    start_at_end()
    House.objects.create(name="Quillfeather")
    with time_machine.travel(at(10), tick=False) as traveller:
        yield traveller


@pytest.fixture
def teams(clock: time_machine.Traveller) -> Teams:
    """Lisbon works from nine to five and hands to Denver, which works from four to eleven in the evening (UTC)."""
    lisbon, denver = (Team.objects.create(name=name) for name in ("Lisbon", "Denver"))
    chief = agent("Ines Brandt", Role.ADMIN)
    hours(lisbon, "Europe/Lisbon", (540, 1020), chief, hands_to=denver)
    hours(denver, "America/Denver", (540, 960), chief)
    return Teams(lisbon, denver, chief)


def hours(team: Team, zone: str, slot: tuple[int, int], by: Agent, hands_to: Team | None = None) -> None:
    keeping_hours.set_hours(
        team, timezone=zone, week=[[slot]] * 7, country="", region="", language="", holidays={}, hands_to=hands_to,
        by=by,
    )  # fmt: skip


def comes(team: Team, word: str = "x", *, to: Agent | None = None) -> Conversation:
    conversation = come_in(word, message_id=f"<{word}@x.example>").conversation
    assigning.assign(conversation, to=to, team=team, by=agent())
    return conversation


def where(conversation: Conversation) -> tuple[str, str | None]:
    conversation.refresh_from_db()
    assert conversation.team is not None
    return conversation.team.name, conversation.assignee and conversation.assignee.name


def test_what_waits_is_handed_over_when_work_ends_and_due_by_the_hours_of_the_next_team(
    teams: Teams, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(16, 50))
    conversation = comes(teams.lisbon)
    follow_the_sun.call()
    before = where(conversation)
    clock.move_to(at(17, 1))
    follow_the_sun.call()
    react_all()
    assert (before, where(conversation)) == (("Lisbon", None), ("Denver", None))
    assert conversation.standard_due_at == at(23)
    told = LoggedEvent.objects.filter(name="conversation.assigned").latest("id")
    assert (told.actor, told.data["team_id"]) == ("system:", teams.denver.pk)


def test_what_is_answered_closed_or_of_another_team_stays(teams: Teams, clock: time_machine.Traveller) -> None:
    answered, elsewhere = comes(teams.lisbon, "a"), comes(teams.denver, "b")
    answer(answered)
    clock.move_to(at(17, 1))
    follow_the_sun.call()
    assert [where(answered)[0], where(elsewhere)[0]] == ["Lisbon", "Denver"]


def test_who_belongs_to_the_next_team_keeps_theirs_and_nobody_else_does(
    teams: Teams, clock: time_machine.Traveller
) -> None:
    both, one = agent("Jonas Pell"), agent("Teodor Vance")
    teams.denver.members.add(both)
    kept, freed = comes(teams.lisbon, "a", to=both), comes(teams.lisbon, "b", to=one)
    clock.move_to(at(17, 1))
    follow_the_sun.call()
    assert [where(kept), where(freed)] == [("Denver", "Jonas Pell"), ("Denver", None)]


def test_it_happens_once_for_a_closing_and_again_at_the_next(teams: Teams, clock: time_machine.Traveller) -> None:
    first = comes(teams.lisbon, "a")
    clock.move_to(at(17, 1))
    follow_the_sun.call()
    first.refresh_from_db()
    assigning.assign(first, to=None, team=teams.lisbon, by=teams.chief)  # somebody wants it back
    clock.move_to(at(18))
    follow_the_sun.call()
    evening = where(first)[0]
    clock.move_to(at(17, 1, day=20))
    follow_the_sun.call()
    assert (evening, where(first)[0]) == ("Lisbon", "Denver")


def test_a_closing_while_makegood_was_down_is_made_up_for_unless_work_has_begun_again(
    teams: Teams, clock: time_machine.Traveller
) -> None:
    conversation = comes(teams.lisbon)
    clock.move_to(at(10, day=20))
    follow_the_sun.call()
    in_the_morning = where(conversation)[0]
    clock.move_to(at(23, day=20))
    follow_the_sun.call()
    assert (in_the_morning, where(conversation)[0]) == ("Lisbon", "Denver")


def test_what_the_next_team_may_not_open_stays(teams: Teams, clock: time_machine.Traveller) -> None:
    conversation = comes(teams.lisbon)
    box = inbox()
    box.is_open_to_all = False
    box.save()
    clock.move_to(at(17, 1))
    follow_the_sun.call()
    hidden = where(conversation)[0]
    box.teams.add(teams.denver)
    clock.move_to(at(17, 1, day=20))
    follow_the_sun.call()
    assert (hidden, where(conversation)[0]) == ("Lisbon", "Denver")


def test_many_go_in_steps(teams: Teams, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing_over, "AT_ONCE", 2)
    monkeypatch.setattr("makegood.standards.jobs.HANDED_AT_ONCE", 2)
    all_of_them = [comes(teams.lisbon, f"{number}") for number in range(5)]
    clock.move_to(at(17, 1))
    follow_the_sun.call()
    assert {where(one)[0] for one in all_of_them} == {"Denver"}


def test_the_first_closing_after_it_was_said_is_the_first_one(teams: Teams, clock: time_machine.Traveller) -> None:
    conversation = comes(teams.lisbon)
    clock.move_to(at(20))
    hours(teams.lisbon, "Europe/Lisbon", (540, 1020), teams.chief, hands_to=teams.denver)
    follow_the_sun.call()
    assert where(conversation)[0] == "Lisbon"
    assert WorkingHours.objects.get(team=teams.lisbon).hands_to == teams.denver
