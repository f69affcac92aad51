import pytest

from makegood.agents.actions.teaming import add_team, change_team
from makegood.agents.models import Role, Team
from makegood.agents.tests.people import admin, happened, person, signed_in
from makegood.errors import Refused

pytestmark = pytest.mark.django_db


def test_a_lead_belongs_to_the_team_they_make_an_administrator_need_not() -> None:
    lead, chief = person(role=Role.LEAD), admin()

    led, other = add_team(name="Care", by=lead), add_team(name="Workshop", by=chief)

    assert (list(led.members.all()), list(other.members.all())) == ([lead], [])
    assert happened() == ["team.added", "team.added"]


def test_everybody_whose_membership_changes_is_told() -> None:
    stays, goes, comes = person("Jonas Pell"), person("Ines Brandt"), person("Teodor Vance")
    team = Team.objects.create(name="Care")
    team.members.set([stays, goes])

    change_team(team, name="Repairs", members=[stays, comes], by=admin())

    kept = Team.objects.get()
    assert (kept.name, set(kept.members.all())) == ("Repairs", {stays, comes})
    assert happened() == ["team.changed", "access.changed", "access.changed"]


def test_two_teams_of_one_name_are_refused() -> None:
    chief = admin()
    add_team(name="Care", by=chief)

    with pytest.raises(Refused, match="a team called Care"):
        add_team(name="Care", by=chief)


def test_a_lead_changes_only_teams_they_belong_to() -> None:
    lead, own, other = person(role=Role.LEAD), Team.objects.create(name="Care"), Team.objects.create(name="Workshop")
    own.members.add(lead)
    client = signed_in(lead)

    answers = [client.get(f"/settings/teams/{team.pk}").status_code for team in (own, other)]
    grants = [client.get(f"/settings/teams/{team.pk}/inboxes").status_code for team in (own, other)]

    assert (answers, grants) == ([200, 404], [200, 404])


def test_a_name_that_is_taken_answers_with_the_same_form() -> None:
    chief, team = admin(), Team.objects.create(name="Care")
    Team.objects.create(name="Workshop")

    answer = signed_in(chief).post(f"/settings/teams/{team.pk}", {"name": "Workshop"})

    assert answer.status_code == 422
    assert b"a team called Workshop" in answer.content
