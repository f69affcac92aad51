from datetime import timedelta

import pytest

from makegood.agents.actions import joining
from makegood.agents.models import Agent, House, Invitation, Role, Team
from makegood.agents.tests.people import PASSWORD, admin, happened, person, signed_in
from makegood.clock.now import now
from makegood.errors import Refused

pytestmark = pytest.mark.django_db
FIRST = {"email": "Odile@Quillfeather.example", "name": "Odile Fenwick", "password": PASSWORD}


def test_the_first_administrator_gives_the_house_its_name() -> None:
    agent = joining.create_first_admin(**FIRST, company="Quillfeather")

    assert (agent.email, agent.role, House.objects.get().name) == (
        "odile@quillfeather.example",
        "admin",
        "Quillfeather",
    )
    assert happened() == ["agent.joined"]


def test_there_is_no_second_first_administrator() -> None:
    joining.create_first_admin(**FIRST)

    with pytest.raises(joining.AlreadySetUp):
        joining.create_first_admin(**{**FIRST, "email": "jonas@quillfeather.example"})


def test_of_two_first_administrators_at_once_the_house_s_row_lets_one_win() -> None:
    House.objects.create(name="made by the other one")

    with pytest.raises(joining.AlreadySetUp):
        joining.create_first_admin(**FIRST)

    assert not Agent.objects.exists()


def test_a_poor_password_makes_nobody_and_no_house() -> None:
    with pytest.raises(Refused, match="too short"):
        joining.create_first_admin(**{**FIRST, "password": "short"})

    assert (Agent.objects.count(), House.objects.count(), happened()) == (0, 0, [])


def test_an_invitation_gives_role_and_teams_once() -> None:
    chief, team = admin(), Team.objects.create(name="Care")
    _, token = joining.invite(email="Teodor@Quillfeather.example", role=Role.LEAD, teams=[team], by=chief)

    agent = joining.accept(token, name="Teodor Vance", password=PASSWORD)

    assert (agent.email, agent.role, list(agent.teams.all())) == ("teodor@quillfeather.example", "lead", [team])
    assert happened() == ["agent.invited", "agent.joined", "access.changed"]
    with pytest.raises(Refused, match="has been used"):
        joining.accept(token, name="Somebody Else", password=PASSWORD)


def test_the_token_itself_is_not_in_the_database() -> None:
    _, token = joining.invite(email="teodor@quillfeather.example", role=Role.AGENT, by=admin())

    assert Invitation.objects.get().token_hash == joining.hash_of(token) != token


def test_an_invitation_is_over_after_72_hours() -> None:
    invitation, token = joining.invite(email="teodor@quillfeather.example", role=Role.AGENT, by=admin())
    assert timedelta(hours=71) < invitation.expires_at - now() <= timedelta(hours=72)

    Invitation.objects.update(expires_at=now())

    assert joining.open_invitation(token) is None


def test_a_withdrawn_invitation_opens_nothing() -> None:
    chief = admin()
    invitation, token = joining.invite(email="teodor@quillfeather.example", role=Role.AGENT, by=chief)

    joining.withdraw(invitation, by=chief)

    assert joining.open_invitation(token) is None
    assert happened()[-1] == "invitation.withdrawn"
    with pytest.raises(Refused, match="over already"):
        joining.withdraw(invitation, by=chief)


def test_a_new_invitation_ends_the_earlier_one_of_the_same_address() -> None:
    chief = admin()
    _, first = joining.invite(email="teodor@quillfeather.example", role=Role.ADMIN, by=chief)
    _, second = joining.invite(email="teodor@quillfeather.example", role=Role.LIGHT, by=chief)

    assert joining.open_invitation(first) is None
    assert joining.open_invitation(second) is not None


def test_nobody_is_invited_who_works_here() -> None:
    chief = admin()

    with pytest.raises(Refused, match="works here already"):
        joining.invite(email="MARISOL@quillfeather.example", role=Role.AGENT, by=chief)


def test_who_comes_back_by_invitation_has_only_its_teams() -> None:
    chief, old, new = admin(), Team.objects.create(name="Care"), Team.objects.create(name="Workshop")
    gone = person("Teodor Vance", Role.ADMIN, is_active=False)
    gone.teams.add(old)
    _, token = joining.invite(email=gone.email, role=Role.LIGHT, teams=[new], by=chief)

    back = joining.accept(token, name="Teodor Vance", password=PASSWORD)

    assert (back.pk, back.role, list(back.teams.all())) == (gone.pk, "light", [new])


def test_an_invitation_does_not_touch_who_was_reactivated_meanwhile() -> None:
    gone = person("Teodor Vance", is_active=False)
    _, token = joining.invite(email=gone.email, role=Role.ADMIN, by=admin())
    Agent.objects.filter(pk=gone.pk).update(is_active=True)

    with pytest.raises(Refused, match="works here already"):
        joining.accept(token, name="Teodor Vance", password=PASSWORD)

    assert Agent.objects.get(pk=gone.pk).role == "agent"


def test_the_page_of_an_invitation_tells_nothing_without_a_token() -> None:
    answer = signed_in(admin()).get("/invitations/guessed")

    assert answer.status_code == 404
    assert b"This link is over" in answer.content


def test_accepting_signs_in(client: object) -> None:
    _, token = joining.invite(email="teodor@quillfeather.example", role=Role.AGENT, by=admin())

    answer = client.post(f"/invitations/{token}", {"name": "Teodor Vance", "password": PASSWORD})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.get("/settings/profile").status_code == 200
    assert happened()[-1] == "agent.signed_in"


def test_a_poor_password_answers_with_the_same_form(client: object) -> None:
    _, token = joining.invite(email="teodor@quillfeather.example", role=Role.AGENT, by=admin())

    answer = client.post(f"/invitations/{token}", {"name": "Teodor Vance", "password": "short"})

    assert answer.status_code == 422
    assert b"Teodor Vance" in answer.content
    assert joining.open_invitation(token) is not None
