"""The way back in from the server's own command line."""

from __future__ import annotations

from argparse import Namespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from makegood.agents.models import Agent
from makegood.conversations.tests.factories import agent
from makegood.errors import Refused
from makegood.eventlog.events import SYSTEM, Actor
from makegood.eventlog.models import LoggedEvent
from makegood.project.commands.new_password import run

pytestmark = pytest.mark.django_db


def asked(email: str, *, forget_second_step: bool = False) -> Namespace:
    return Namespace(email=email, forget_second_step=forget_second_step)


def test_an_only_administrator_gets_a_link_from_the_server(capsys: pytest.CaptureFixture[str]) -> None:
    rosa = agent("Rosa", role="admin")

    assert run(asked(rosa.email.upper())) == 0

    link = capsys.readouterr().out.splitlines()[0]
    path = "/" + link.split("/", 3)[3]
    page = Client().get(path, follow=True)
    Client().post(page.request["PATH_INFO"], {"password": "nine plums in a jar"})
    assert Agent.objects.get(pk=rosa.pk).check_password("nine plums in a jar")
    assert Actor.read(LoggedEvent.objects.get(name="reset_link.issued").actor) == SYSTEM


def test_an_address_that_nobody_signs_in_with_is_told() -> None:
    with pytest.raises(Refused, match="Nobody signs in with nobody@"):
        run(asked("nobody@quillfeather.example"))


def test_who_has_lost_their_second_step_gets_in_again(capsys: pytest.CaptureFixture[str]) -> None:
    rosa = agent("Rosa", role="admin")
    rosa.set_password("nine plums in a jar")
    rosa.save()
    signed_in = Client()
    signed_in.post("/accounts/login/", {"login": rosa.email, "password": "nine plums in a jar"})
    assert signed_in.get("/conversations").status_code == 200
    TOTP.activate(rosa, "JBSWY3DPEHPK3PXP")

    run(asked(rosa.email))
    assert Authenticator.objects.filter(user=rosa).count() == 1
    run(asked(rosa.email, forget_second_step=True))

    assert Authenticator.objects.filter(user=rosa).count() == 0
    assert signed_in.get("/conversations").status_code == 302
    assert "The password alone lets them in" in capsys.readouterr().out
    removed = LoggedEvent.objects.get(name="second_factor.forgotten")
    assert (removed.data, Actor.read(removed.actor)) == ({"agent_id": rosa.pk, "kind": "totp"}, SYSTEM)
