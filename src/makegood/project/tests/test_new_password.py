"""The way back in from the server's own command line."""

from __future__ import annotations

from argparse import Namespace

import pytest
from django.test import Client

from makegood.agents.models import Agent
from makegood.conversations.tests.factories import agent
from makegood.errors import Refused
from makegood.eventlog.events import SYSTEM, Actor
from makegood.eventlog.models import LoggedEvent
from makegood.project.commands.new_password import run

pytestmark = pytest.mark.django_db


def test_an_only_administrator_gets_a_link_from_the_server(capsys: pytest.CaptureFixture[str]) -> None:
    rosa = agent("Rosa", role="admin")

    assert run(Namespace(email=rosa.email.upper())) == 0

    link = capsys.readouterr().out.splitlines()[0]
    path = "/" + link.split("/", 3)[3]
    page = Client().get(path, follow=True)
    Client().post(page.request["PATH_INFO"], {"password": "nine plums in a jar"})
    assert Agent.objects.get(pk=rosa.pk).check_password("nine plums in a jar")
    assert Actor.read(LoggedEvent.objects.get(name="reset_link.issued").actor) == SYSTEM


def test_an_address_that_nobody_signs_in_with_is_told() -> None:
    with pytest.raises(Refused, match="Nobody signs in with nobody@"):
        run(Namespace(email="nobody@quillfeather.example"))
