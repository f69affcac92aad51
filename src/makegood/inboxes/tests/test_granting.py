import pytest

from makegood.agents.models import Role, Team
from makegood.agents.tests.people import admin, happened, person, signed_in
from makegood.inboxes.actions.granting import grant
from makegood.inboxes.models import Inbox
from makegood.inboxes.queries import open_to

pytestmark = pytest.mark.django_db


def _inbox(name: str) -> Inbox:
    address = f"{name.lower()}@quillfeather.example"
    return Inbox.objects.create(name=name, address=address, is_open_to_all=False)


def test_a_granted_inbox_opens_to_the_team() -> None:
    team, agent, inbox = Team.objects.create(name="Care"), person(), _inbox("Care")
    team.members.add(agent)

    grant(team, [inbox], by=admin())

    assert list(open_to(agent)) == [inbox]
    assert happened() == ["inbox.updated", "access.changed"]


def test_what_is_not_chosen_any_more_is_closed() -> None:
    team, agent, inbox = Team.objects.create(name="Care"), person(), _inbox("Care")
    team.members.add(agent)
    inbox.teams.add(team)

    grant(team, [], by=admin())

    assert list(open_to(agent)) == []


def test_the_same_choice_again_is_no_event() -> None:
    team, inbox, chief = Team.objects.create(name="Care"), _inbox("Care"), admin()
    inbox.teams.add(team)

    grant(team, [inbox], by=chief)

    assert happened() == []


def test_nobody_gives_what_they_may_not_open() -> None:
    team, lead = Team.objects.create(name="Care"), person(role=Role.LEAD)
    team.members.add(lead)

    grant(team, [_inbox("Board")], by=lead)

    assert list(Inbox.objects.filter(teams=team)) == []


def test_nobody_takes_what_they_may_not_open() -> None:
    team, lead, inbox = Team.objects.create(name="Care"), person(role=Role.LEAD), _inbox("Board")
    inbox.teams.add(team)

    grant(team, [], by=lead)

    assert list(Inbox.objects.filter(teams=team)) == [inbox]


def test_the_page_offers_a_lead_only_what_they_may_open() -> None:
    team, lead = Team.objects.create(name="Care"), person(role=Role.LEAD)
    team.members.add(lead)
    own, secret = _inbox("Care"), _inbox("Board")
    own.teams.add(team)

    answer = signed_in(lead).post(f"/settings/teams/{team.pk}/inboxes", {"inboxes": [own.pk, secret.pk]})

    assert answer.status_code == 422
    assert list(Inbox.objects.filter(teams=team)) == [own]
