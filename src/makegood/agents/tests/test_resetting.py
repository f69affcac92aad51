from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from makegood.agents.actions.resetting import LinkIsOver, issue_reset, reset_password, resettable
from makegood.agents.models import Agent
from makegood.agents.tests.people import admin, happened, person, sign_in, signed_in, with_password
from makegood.clock.now import now
from makegood.errors import Refused

pytestmark = pytest.mark.django_db
NEW = "nine plums in a jar"


def test_a_link_sets_the_password_once_and_ends_every_session() -> None:
    agent = with_password(person())
    desk = sign_in(agent)
    token = issue_reset(Agent.objects.get(pk=agent.pk), by=admin().actor)

    reset_password(agent.pk, token, NEW)

    assert Agent.objects.get(pk=agent.pk).check_password(NEW)
    assert desk.get("/settings/profile").status_code == 302
    assert happened()[-3:] == ["reset_link.issued", "session.revoked", "password.changed"]
    with pytest.raises(LinkIsOver):
        reset_password(agent.pk, token, "seven pears in a bowl")


def test_a_link_is_over_after_thirty_minutes() -> None:
    agent = person()
    token = issue_reset(agent, by=admin().actor)

    with time_machine.travel(now() + timedelta(minutes=29), tick=False):
        assert resettable(agent.pk, token) == agent
    with time_machine.travel(now() + timedelta(minutes=31), tick=False):
        assert resettable(agent.pk, token) is None


def test_a_link_ends_when_its_owner_signs_in_after_all() -> None:
    agent = with_password(person())
    token = issue_reset(agent, by=admin().actor)

    sign_in(agent)

    assert resettable(agent.pk, token) is None


def test_a_link_is_for_one_person() -> None:
    agent, other = person(), person("Ines Brandt")
    token = issue_reset(agent, by=admin().actor)

    assert resettable(other.pk, token) is None


def test_who_has_left_gets_no_link() -> None:
    with pytest.raises(Refused, match="does not work here"):
        issue_reset(person(is_active=False), by=admin().actor)


def test_a_poor_password_leaves_the_link_good() -> None:
    agent = person()
    token = issue_reset(agent, by=admin().actor)

    answer = Client().post(f"/accounts/password/{agent.pk}/{token}/", {"password": "password123"})

    assert answer.status_code == 422
    assert resettable(agent.pk, token) == agent


def test_the_pages_hand_the_link_over_and_use_it() -> None:
    agent = person()
    made = signed_in(admin()).post(f"/settings/agents/{agent.pk}/reset-link")
    path = made.context["link"].removeprefix("http://127.0.0.1:8000")
    guest = Client()

    assert guest.get(path).status_code == 200
    assert guest.post(path, {"password": NEW}).headers["Location"] == "/accounts/login/"
    assert guest.get(path).status_code == 404


def test_who_has_forgotten_is_told_the_same_whoever_they_are() -> None:
    with_password(person())

    assert Client().get("/accounts/password/forgotten/").status_code == 200
    assert Client().post("/accounts/password/forgotten/", {"email": "odile@quillfeather.example"}).status_code == 405
