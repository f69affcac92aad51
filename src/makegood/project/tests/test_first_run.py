import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.counterparts.makegood import Makegood, database

from makegood.agents.actions.joining import invite
from makegood.agents.models import Agent, House, Invitation, Role, WorkingHours
from makegood.agents.queries import hours_of
from makegood.agents.tests.people import PASSWORD, admin, happened
from makegood.inboxes.models import Inbox
from makegood.project import first_run
from makegood.standards.models import AnswerTarget

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

    assert answer.headers["Location"] == "/welcome/standard"
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


def test_the_second_step_asks_for_the_standard_and_the_hours() -> None:
    client = Client()
    client.post(_path(), SHOP)
    asked = {"target": "2h", "week": "9-18-sat", "timezone": "Europe/Lisbon"}

    example = client.get("/welcome/standard", asked, headers={"HX-Request": "true"}).content.decode()
    answer = client.post("/welcome/standard", asked)

    hours, target = hours_of(None), AnswerTarget.objects.get()
    assert answer.headers["Location"] == "/welcome/mail"
    assert (hours.zone.key, hours.week) == ("Europe/Lisbon", (((540, 1080),),) * 6 + ((),))
    assert (target.inbox, target.team, target.first, target.following) == (None, None, "2h", "2h")
    assert Agent.objects.get().timezone == "Europe/Lisbon"
    assert "We answer within 2 working hours" in example
    assert [step["done"] for step in client.get("/welcome/mail").context["steps"]] == [True, True, False, False]


def test_the_second_step_can_be_skipped_and_refuses_what_cannot_be() -> None:
    client = Client()
    client.post(_path(), SHOP)

    refused = client.post("/welcome/standard", {"target": "2h", "week": "never", "timezone": "Europe/Lisbon"})
    skipped = client.post("/welcome/standard", {"skip": "yes", "target": "2h", "week": "9-17", "timezone": "UTC"})

    assert (refused.status_code, skipped.headers["Location"]) == (422, "/welcome/mail")
    assert (AnswerTarget.objects.count(), WorkingHours.objects.count()) == (0, 0)


def test_the_later_steps_end_with_done() -> None:
    client = Client()
    client.post(_path(), SHOP)
    made = client.post("/welcome/team", {"email": "teodor@quillfeather.example", "role": "agent"})

    answer = client.post("/welcome/team", {"done": "yes"})

    assert made.context["link"].startswith("http://127.0.0.1")
    assert Invitation.objects.get().email == "teodor@quillfeather.example"
    assert answer.headers["Location"] == "/conversations"
    assert [client.get(f"/welcome/{step}").status_code for step in ("standard", "mail", "team")] == [404] * 3


def test_the_later_steps_are_not_for_those_who_come_later() -> None:
    client = Client()
    _, token = invite(email="ines@quillfeather.example", role=Role.ADMIN, by=admin())
    client.post(f"/invitations/{token}", {"name": "Ines Brandt", "password": PASSWORD})

    assert client.get("/welcome/mail").status_code == 404


def _connected(health: str = "") -> Inbox:
    return Inbox.objects.create(address="care@quillfeather.example", name="Care", settings={"imap": {}}, health=health)


def test_the_mail_s_page_leads_back_to_the_next_step() -> None:
    client = Client()
    client.post(_path(), SHOP)
    before = client.get("/settings/inboxes/new").content.decode()
    inbox = _connected()

    after = client.get(f"/settings/inboxes/{inbox.pk}").content.decode()

    assert '<a href="/welcome/mail">Back to the steps</a>' in before
    assert '<a href="/welcome/team">Next: invite your team</a>' in after
    client.post("/welcome/team", {"done": "yes"})
    assert "/welcome/" not in client.get(f"/settings/inboxes/{inbox.pk}").content.decode()


def test_once_somebody_is_invited_and_the_mail_is_connected_no_page_says_that_it_is_being_set_up() -> None:
    client, words = Client(), "You are setting up Makegood."
    client.post(_path(), SHOP)
    invitation = {"email": "teodor@quillfeather.example", "role": "agent"}

    invited = client.post("/settings/agents/invitations", invitation).content.decode()
    inbox = _connected()

    pages = ["/settings/agents", f"/settings/inboxes/{inbox.pk}", "/settings/profile"]
    assert words in invited  # the mail is not connected yet
    assert [page for page in pages if words in client.get(page).content.decode()] == []
    Invitation.objects.all().delete()
    assert words in client.get("/settings/agents").content.decode()


def test_the_second_step_shows_the_inbox_that_is_connected_and_goes_on() -> None:
    client = Client()
    client.post(_path(), SHOP)
    empty = client.get("/welcome/mail").content.decode()
    _connected("good")

    page = client.get("/welcome/mail").content.decode()

    assert ("Skip for now" in empty, "Skip for now" in page) == (True, False)
    assert "care@quillfeather.example" in page and "Mail comes in." in page
    assert '<a class="btn primary lg" href="/welcome/team">Next: invite your team</a>' in page


def test_a_skipped_step_does_not_count_as_done() -> None:
    client = Client()
    client.post(_path(), SHOP)
    skipped = [step["done"] for step in client.get("/welcome/team").context["steps"]]
    _connected()

    done = [step["done"] for step in client.get("/welcome/team").context["steps"]]

    assert (skipped, done) == ([True, False, False, False], [True, False, True, False])


@pytest.mark.parametrize(
    ("address", "warned"),
    [
        ("http://127.0.0.1:8000", True), ("http://localhost:8000", True), ("http://[::1]:8000", True),
        ("http://0.0.0.0:8000", True), ("https://help.shop.example", False), ("http://192.168.1.20", False),
    ],
)  # fmt: skip
def test_a_link_that_opens_on_this_machine_only_says_so(settings: Any, address: str, warned: bool) -> None:
    client = Client()
    client.post(_path(), SHOP)
    settings.PUBLIC_URL = address
    step = client.get("/welcome/team").content.decode()

    made = client.post("/welcome/team", {"email": "ines@quillfeather.example", "role": "agent"}).content.decode()
    from_people = client.post("/settings/agents/invitations", {"email": "jonas@quillfeather.example", "role": "agent"})

    shown = [page.count("Links open on this computer only.") for page in (step, made, from_people.content.decode())]
    assert shown == [int(warned)] * 3


@pytest.mark.server
def test_a_start_says_what_takes_time_and_then_where_to_begin(tmp_path: Path) -> None:
    house = Makegood(tmp_path, more={"DATABASE_URL": database()})
    log = tmp_path / "said"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "makegood", "serve"], stdout=subprocess.PIPE, stderr=said, env=house.environment
        )
        assert process.stdout
        first = process.stdout.readline().decode()
        process.terminate()
        process.communicate(timeout=30)

    assert first == f"Begin here: {house.url}/welcome/{(tmp_path / 'setup-token').read_text()}\n"
    assert log.read_text().splitlines()[0] == "Making the database; this takes a few seconds."
