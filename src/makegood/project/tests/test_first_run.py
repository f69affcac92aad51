from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from makegood.agents.actions.joining import invite
from makegood.agents.models import Agent, House, Invitation, Role
from makegood.agents.tests.people import PASSWORD, admin, happened
from makegood.project import first_run

pytestmark = pytest.mark.django_db
SHOP = {
    "company": "Quillfeather", "name": "Odile Fenwick", "email": "odile@quillfeather.example", "password": PASSWORD,
}  # fmt: skip


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.DATA = tmp_path
    yield tmp_path


def _path() -> str:
    return "/welcome/" + first_run.setup_link().rpartition("/")[2]


def test_the_link_stays_the_same_until_it_is_used(data: Path) -> None:
    assert first_run.setup_link() == first_run.setup_link()
    assert [(file.name, file.stat().st_mode & 0o777) for file in data.iterdir()] == [("setup-token", 0o600)]


def test_of_two_processes_that_start_together_the_first_one_s_token_stays(data: Path) -> None:
    first_run._make()
    kept = (data / "setup-token").read_text()

    first_run._make()

    assert [file.read_text() for file in data.iterdir()] == [kept]


@pytest.mark.parametrize("guess", ["", "guess", "\udcff", "é"])
def test_another_token_is_none(guess: str) -> None:
    first_run.setup_link()

    assert not first_run.is_token(guess)


@pytest.mark.parametrize("kept", [None, ""])
def test_without_a_kept_token_nothing_is_one(data: Path, kept: str | None) -> None:
    if kept is not None:
        (data / "setup-token").write_text(kept)

    assert not first_run.is_token("")


def test_there_is_no_link_once_somebody_is_set_up(data: Path) -> None:
    path = _path()
    admin()

    assert Client().get(path).status_code == 404
    assert first_run.setup_link() == ""
    assert not (data / "setup-token").exists()


def test_the_first_step_makes_the_administrator_and_signs_them_in(data: Path) -> None:
    path, client = _path(), Client()
    assert client.get(path).status_code == 200

    answer = client.post(path, SHOP)

    assert answer.headers["Location"] == "/welcome/mail"
    assert (Agent.objects.get().role, House.objects.get().name) == ("admin", "Quillfeather")
    assert client.get("/welcome/mail").status_code == 200
    assert not (data / "setup-token").exists()
    assert happened() == ["agent.joined", "agent.signed_in"]


def test_what_was_typed_stays_when_the_password_is_poor() -> None:
    path = _path()

    answer = Client().post(path, {**SHOP, "password": "short"})

    assert answer.status_code == 422
    assert b"Quillfeather" in answer.content
    assert (Agent.objects.count(), Client().get(path).status_code) == (0, 200)


def test_the_link_works_once() -> None:
    path = _path()
    Client().post(path, SHOP)

    second = Client().post(path, {**SHOP, "email": "jonas@quillfeather.example"})

    assert (second.status_code, Agent.objects.count()) == (404, 1)


def test_the_later_steps_end_with_done() -> None:
    client = Client()
    client.post(_path(), SHOP)
    made = client.post("/welcome/team", {"email": "teodor@quillfeather.example", "role": "agent"})

    answer = client.post("/welcome/team", {"done": "yes"})

    assert made.context["link"].startswith("http://127.0.0.1")
    assert Invitation.objects.get().email == "teodor@quillfeather.example"
    assert answer.headers["Location"] == "/conversations"
    assert [client.get(f"/welcome/{step}").status_code for step in ("mail", "team")] == [404, 404]


def test_the_later_steps_are_not_for_those_who_come_later() -> None:
    client = Client()
    _, token = invite(email="ines@quillfeather.example", role=Role.ADMIN, by=admin())
    client.post(f"/invitations/{token}", {"name": "Ines Brandt", "password": PASSWORD})

    assert client.get("/welcome/mail").status_code == 404
