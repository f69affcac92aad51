import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from makegood.agents.actions import joining, staffing
from makegood.agents.models import Agent, Role, Team
from makegood.agents.tests.people import admin, happened, person, sign_in, signed_in, with_password
from makegood.errors import Refused
from makegood.eventlog.models import LoggedEvent

pytestmark = pytest.mark.django_db


def test_a_role_changes_and_open_pages_hear_of_it() -> None:
    agent = person()

    staffing.change_role(agent, Role.LEAD, by=admin())

    assert Agent.objects.get(pk=agent.pk).role == "lead"
    assert happened() == ["role.changed", "access.changed"]


def test_the_last_administrator_can_be_neither_demoted_nor_deactivated() -> None:
    chief = admin()
    person("Ines Brandt", Role.ADMIN, is_active=False)

    with pytest.raises(Refused, match="needs one administrator"):
        staffing.change_role(chief, Role.LEAD, by=chief)
    with pytest.raises(Refused, match="needs one administrator"):
        staffing.deactivate(chief, by=chief)

    kept = Agent.objects.get(pk=chief.pk)
    assert (kept.role, kept.is_active, happened()) == ("admin", True, [])


def test_of_two_administrators_one_may_go() -> None:
    chief = admin()
    second = person("Ines Brandt", Role.ADMIN)

    staffing.change_role(chief, Role.AGENT, by=chief)

    with pytest.raises(Refused):
        staffing.deactivate(second, by=second)


def test_who_leaves_is_signed_out_everywhere() -> None:
    chief, agent = admin(), with_password(person())
    phone, desk = sign_in(agent), sign_in(agent)

    staffing.deactivate(agent, by=chief)

    assert [client.get("/settings/profile").status_code for client in (phone, desk)] == [302, 302]
    assert happened()[-3:] == ["session.revoked", "agent.deactivated", "access.changed"]


def test_who_has_left_cannot_sign_in_and_hears_what_a_stranger_hears() -> None:
    agent = with_password(person(is_active=False))

    answers = [
        Client().post("/accounts/login/", {"login": login, "password": "lantern over the porch"}).content
        for login in (agent.email, "nobody@quillfeather.example")
    ]

    assert [b"do not belong together" in answer for answer in answers] == [True, True]


def test_who_has_left_can_come_back() -> None:
    chief, agent = admin(), person()
    staffing.deactivate(agent, by=chief)

    staffing.reactivate(agent, by=chief)

    assert Agent.objects.get(pk=agent.pk).is_active
    assert happened()[-2:] == ["agent.reactivated", "access.changed"]


def test_leaving_twice_is_refused() -> None:
    chief, agent = admin(), person()
    staffing.deactivate(agent, by=chief)

    with pytest.raises(Refused, match="has left already"):
        staffing.deactivate(agent, by=chief)


@pytest.mark.parametrize("end", ["deactivate", "demote"])
def test_invitations_end_with_the_administrator_who_wrote_them(end: str) -> None:
    chief, leaving = admin(), person("Ines Brandt", Role.ADMIN)
    _, token = joining.invite(email="teodor@quillfeather.example", role=Role.ADMIN, by=leaving)

    if end == "deactivate":
        staffing.deactivate(leaving, by=chief)
    else:
        staffing.change_role(leaving, Role.AGENT, by=chief)

    assert joining.open_invitation(token) is None


def test_teams_change_once() -> None:
    agent, team = person(), Team.objects.create(name="Care")
    chief = admin()

    staffing.change_teams(agent, [team], by=chief)
    staffing.change_teams(agent, [team], by=chief)

    assert (list(agent.teams.all()), happened()) == ([team], ["access.changed"])


def test_the_page_refuses_the_last_administrator_in_words() -> None:
    chief = admin()

    answer = signed_in(chief).post(f"/settings/agents/{chief.pk}", {"role": "agent"})

    assert answer.status_code == 422
    assert b"Makegood needs one administrator" in answer.content


def test_the_page_changes_role_and_teams_together() -> None:
    agent, team = person(), Team.objects.create(name="Care")

    answer = signed_in(admin()).post(f"/settings/agents/{agent.pk}", {"role": "lead", "teams": [team.pk]})

    assert answer.headers["Location"] == "/settings/agents"
    assert (Agent.objects.get(pk=agent.pk).role, list(agent.teams.all())) == ("lead", [team])


def test_the_link_of_an_invitation_is_shown_once() -> None:
    client = signed_in(admin())

    made = client.post("/settings/agents/invitations", {"email": "teodor@quillfeather.example", "role": "agent"})

    assert b"/invitations/" in made.context["link"].encode()
    assert made.context["link"].encode() in made.content
    assert made.context["link"].encode() not in client.get("/settings/agents").content


def test_the_list_costs_the_same_for_one_and_three() -> None:
    client, team = signed_in(admin()), Team.objects.create(name="Care")
    client.get("/settings/agents")
    counts = []
    for names in (["Jonas Pell"], ["Ines Brandt", "Teodor Vance"]):
        for name in names:
            agent = person(name)
            agent.teams.add(team)
            joining.invite(email=f"guest-of-{agent.pk}@fenwick.example", role=Role.AGENT, teams=[team], by=agent)
        with CaptureQueriesContext(connection) as asked:
            client.get("/settings/agents")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_events_name_who_did_it() -> None:
    chief = admin()

    staffing.change_role(person(), Role.LIGHT, by=chief)

    assert set(LoggedEvent.objects.values_list("actor", flat=True)) == {f"agent:{chief.pk}"}
