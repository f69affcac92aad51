"""Settings → E-mail: an inbox is connected, changed, tested and switched off in the browser's way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser
from tests.counterparts.dovecot import USER, Dovecot, dovecot

from makegood.agents.models import Agent, Role, Team
from makegood.channels.email.tests.servers import Post, post
from makegood.eventlog.models import LoggedEvent
from makegood.inboxes.models import Inbox
from makegood.inboxes.sealing import unseal
from makegood.project.first_run import UNDER_WAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Agent:
    return Agent.objects.create(email="marisol@quillfeather.example", name="Marisol Quint", role=Role.ADMIN)


@pytest.fixture
def client(admin: Agent) -> Client:
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture
def office(mailbox: Dovecot) -> Iterator[Post]:
    with post(deliver=mailbox.deliver) as server:
        yield server


def typed(**more: Any) -> dict[str, Any]:
    return {
        "way": "server", "address": USER, "name": "Care", "sender_name": "Marisol at Quillfeather",
        "signature": "The team at Quillfeather", "imap_host": "mail.quillfeather.example", "imap_port": "993",
        "imap_security": "tls", "imap_user": USER, "imap_password": "lantern", "folders": "INBOX\nReturns",
        "sent_folder": "Sent", "start": "90days", "trial": "on", "smtp_host": "mail.quillfeather.example",
        "smtp_port": "587", "smtp_security": "starttls", "same": "on", "access": "all", "then": "save", **more,
    }  # fmt: skip


def real(mailbox: Dovecot, office: Post, **more: Any) -> dict[str, Any]:
    return typed(
        imap_host="127.0.0.1", imap_port=mailbox.imap_port, imap_security="none", folders="INBOX", trial="",
        smtp_host="127.0.0.1", smtp_port=office.port, smtp_security="none", same="", **more,
    )  # fmt: skip


def test_an_inbox_is_connected(client: Client) -> None:
    answer = client.post("/settings/inboxes/new", typed())

    inbox = Inbox.objects.get()
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("inbox", args=[inbox.pk])
    assert inbox.settings["imap"] == {
        "host": "mail.quillfeather.example", "port": 993, "security": "tls", "user": USER,
        "folders": ["INBOX", "Returns"], "sent_folder": "Sent", "start": "90days", "trial": True, "mark_seen": False,
    }  # fmt: skip
    assert inbox.settings["smtp"] == {
        "host": "mail.quillfeather.example", "port": 587, "security": "starttls", "user": USER,
    }  # fmt: skip
    assert unseal(inbox) == {"imap_password": "lantern", "smtp_password": "lantern"}
    assert (inbox.name, inbox.sender_name) == ("Care", "Marisol at Quillfeather")
    assert list(LoggedEvent.objects.order_by("id").values_list("name", flat=True)) == ["inbox.added", "inbox.updated"]


def test_passwords_never_come_back_into_the_page(client: Client) -> None:
    client.post(
        "/settings/inboxes/new", typed(imap_password="heliotrope", same="", smtp_user="x", smtp_password="marzipan")
    )

    page = client.get(reverse("inbox", args=[Inbox.objects.get().pk])).content.decode()

    assert "heliotrope" not in page and "marzipan" not in page
    assert "Stored encrypted. Leave as it is to keep it." in page


def test_an_empty_password_keeps_the_stored_one(client: Client) -> None:
    client.post("/settings/inboxes/new", typed())
    inbox = Inbox.objects.get()

    answer = client.post(reverse("inbox", args=[inbox.pk]), typed(imap_password="", name="Returns"))

    inbox.refresh_from_db()
    assert answer.status_code == 302
    assert inbox.name == "Returns"
    assert unseal(inbox)["imap_password"] == "lantern"


def test_after_a_restore_without_the_old_key_passwords_can_be_entered_again(client: Client, settings: Any) -> None:
    client.post(reverse("inbox-new"), typed())
    inbox = Inbox.objects.get()
    settings.SECRET_KEY = "another key " * 4

    client.force_login(Agent.objects.get())
    page = client.get(reverse("inbox", args=[inbox.pk]))
    client.post(reverse("inbox", args=[inbox.pk]), typed(imap_password="again", smtp_password="again"))

    inbox.refresh_from_db()
    assert (page.status_code, unseal(inbox)["imap_password"]) == (200, "again")


def test_a_test_is_read_in_the_reader_s_language_whoever_tested(client: Client) -> None:
    """Both its steps and the health that it left; one from before that was kept stays as it was told."""
    inbox = Inbox.objects.create(name="Care", address="care@quillfeather.example", settings={"way": "forward"})
    page, everywhere = reverse("inbox", args=[inbox.pk]), reverse("inboxes")
    spoken = {
        "en": "No server for going out is entered yet.",
        "de": "Noch ist kein Server für den Ausgang eingetragen.",
    }

    def reads(language: str) -> list[set[str]]:
        Agent.objects.update(language=language)
        return [{code for code, words in spoken.items() if words in client.get(at).text} for at in (page, everywhere)]

    for tester in spoken:
        Agent.objects.update(language=tester)
        client.post(f"{page}/test")
        assert (reads("en"), reads("de")) == ([{"en"}] * 2, [{"de"}] * 2)

    inbox.refresh_from_db()
    for step in inbox.settings["test"]["steps"]:
        del step["in_languages"]
    inbox.save()
    assert (reads("en"), reads("de")) == ([{"de"}] * 2, [{"de"}] * 2)


def test_nothing_typed_is_lost_when_something_is_wrong(client: Client) -> None:
    answer = client.post("/settings/inboxes/new", typed(imap_host="mail server", imap_password="heliotrope"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="mail server"' in page and 'value="Marisol at Quillfeather"' in page
    assert "Only the server’s name" in page
    assert "heliotrope" not in page

    client.post("/settings/inboxes/new", typed(imap_password=""))
    assert unseal(Inbox.objects.get())["imap_password"] == "heliotrope"


def test_a_password_of_an_abandoned_page_is_not_used_later(client: Client) -> None:
    client.post("/settings/inboxes/new", typed(imap_host="mail server", imap_password="heliotrope"))
    client.get("/settings/inboxes/new")

    answer = client.post("/settings/inboxes/new", typed(imap_password=""))

    assert answer.status_code == 422
    assert Inbox.objects.count() == 0


def test_the_same_address_twice_is_refused_with_a_sentence(client: Client) -> None:
    client.post("/settings/inboxes/new", typed())

    answer = client.post("/settings/inboxes/new", typed(imap_password="other"))

    assert answer.status_code == 422
    assert f"There is an inbox for {USER} already." in answer.content.decode()


def test_forwarding_needs_no_server_for_coming_in(client: Client) -> None:
    client.post("/settings/inboxes/new", typed(way="forward", imap_host="", imap_password=""))

    assert Inbox.objects.get().settings["imap"] is None


def test_what_the_form_does_not_know_stays(client: Client) -> None:
    client.post("/settings/inboxes/new", typed())
    inbox = Inbox.objects.get()
    inbox.settings["imap"]["poll_seconds"] = 5
    inbox.settings["plus_addressing"] = False
    inbox.save()

    client.post(reverse("inbox", args=[inbox.pk]), typed(name="Returns"))

    inbox.refresh_from_db()
    assert inbox.settings["imap"]["poll_seconds"] == 5
    assert inbox.settings["plus_addressing"] is False


def test_an_inbox_is_opened_to_teams_alone(client: Client) -> None:
    team = Team.objects.create(name="Workshop")
    client.post("/settings/inboxes/new", typed())
    inbox = Inbox.objects.get()

    client.post(reverse("inbox", args=[inbox.pk]), typed(access="teams", teams=[team.pk]))

    inbox.refresh_from_db()
    assert inbox.is_open_to_all is False
    assert list(inbox.teams.all()) == [team]
    assert LoggedEvent.objects.filter(name="access.changed").count() == 1


def test_an_inbox_is_switched_off_and_on(client: Client) -> None:
    client.post("/settings/inboxes/new", typed())
    inbox = Inbox.objects.get()

    client.post(reverse("inbox-off", args=[inbox.pk]))
    assert Inbox.objects.get().is_active is False
    assert "Switched off." in client.get(reverse("inbox", args=[inbox.pk])).content.decode()

    client.post(reverse("inbox-on", args=[inbox.pk]))
    assert Inbox.objects.get().is_active is True


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_one_inbox_as_for_three(
    client: Client, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        Inbox.objects.create(name=f"Care {number}", address=f"care{number}@quillfeather.example", is_open_to_all=False)
    client.get("/settings/inboxes")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/settings/inboxes")

    assert answer.content.decode().count("inboxline") == count
    inbox_questions = [one["sql"] for one in asked.captured_queries if 'FROM "inbox' in one["sql"]]
    assert len(inbox_questions) <= 3


def test_agents_may_not_open_the_pages(client: Client, admin: Agent) -> None:
    admin.role = Role.AGENT
    admin.save()

    for path in ("/settings/inboxes", "/settings/inboxes/new", "/settings/inboxes/sign-in"):
        assert client.get(path).status_code == 403
    assert client.post("/settings/inboxes/1/test").status_code == 403


def test_a_first_connection_asks_for_little_and_what_is_wrong_or_kept_is_never_folded_up(client: Client) -> None:
    fold = re.compile(r'<details class="fold"( open)?>')

    new = client.get("/settings/inboxes/new").content.decode()
    refused = client.post("/settings/inboxes/new", typed(imap_host="mail server")).content.decode()
    client.post("/settings/inboxes/new", typed())
    kept = client.get(f"/settings/inboxes/{Inbox.objects.get().pk}").content.decode()

    assert [fold.findall(page) for page in (new, refused, kept)] == [[""] * 2, [" open"] * 2, [" open"] * 2]


@pytest.mark.server
def test_save_and_test_without_scripts_answers_with_the_outcome(client: Client, mailbox: Dovecot, office: Post) -> None:
    answer = client.post("/settings/inboxes/new", real(mailbox, office, then="test"), follow=True)

    page = answer.content.decode()
    assert re.findall(r'<li data-p="(\w+)"', page) == ["kept"] * 5
    assert "It came back after 1 s" in page
    assert Inbox.objects.get().health == "good"
    assert LoggedEvent.objects.filter(name="inbox.tested").count() == 1


@pytest.mark.server
def test_save_and_test_with_scripts_shows_step_after_step(client: Client, mailbox: Dovecot, office: Post) -> None:
    live = {"HX-Request": "true"}
    answer = client.post("/settings/inboxes/new", real(mailbox, office, then="test"), headers=live)
    number = Inbox.objects.get().pk
    assert answer.headers["HX-Redirect"] == f"/settings/inboxes/{number}?test=now#test"

    page = client.get(answer.headers["HX-Redirect"]).content.decode()
    seen = []
    for _ in range(5):
        step = re.search(r"""hx-vals='({"step": "\d"})'""", page)
        assert step
        page = client.post(f"/settings/inboxes/{number}/test", json.loads(step.group(1)), headers=live).content.decode()
        seen.append(re.findall(r'<li data-p="(\w+)"', page))

    assert seen[0] == ["kept", "soon", "std", "std", "std"]
    assert seen[-1] == ["kept"] * 5
    assert "hx-vals" not in page
    assert re.search(r'<div id="standing" hx-swap-oob="true">\s*</div>', page)
    assert len(Inbox.objects.get().settings["test"]["steps"]) == 5


@pytest.mark.server
def test_when_sending_fails_the_page_says_what_still_works(client: Client, mailbox: Dovecot) -> None:
    with post(user=USER, password="other") as strict:
        given = real(mailbox, strict, then="test", smtp_user=USER, smtp_password="lamp")
        page = client.post("/settings/inboxes/new", given, follow=True).content.decode()

    assert "Mail comes in, but can’t go out yet." in page
    assert "535 5.7.8 Authentication credentials invalid" in page
    assert Inbox.objects.get().health == "bad"

    Inbox.objects.update(health="good", health_said="")  # the listener reads mail, and knows no more than that
    assert "could not go out at the last test" in client.get("/settings/inboxes").content.decode()


@pytest.mark.server
def test_the_light_follows_the_test_that_has_just_ended(client: Client, mailbox: Dovecot) -> None:
    with post(user=USER, password="other") as strict:
        given = real(mailbox, strict, then="save", smtp_user=USER, smtp_password="lamp")
        client.post("/settings/inboxes/new", given)
        url = reverse("inbox", args=[Inbox.objects.get().pk])
        Inbox.objects.update(health="bad", health_said="Nothing listened there this morning.")
        before, begun = (client.get(url + query).content.decode() for query in ("", "?test=now"))

        answers = [
            client.post(f"{url}/test", {"step": step}, headers={"HX-Request": "true"}).content.decode()
            for step in range(5)
        ]

    assert "Nothing listened there this morning." in before
    assert "Nothing listened there this morning." not in "".join([begun, *answers])
    standing = answers[-1].partition('<div id="standing" hx-swap-oob="true">')[2]
    assert "Mail comes in, but can’t go out yet." in standing and "535 5.7.8" in standing


def test_whether_both_ways_share_a_sign_in_stays_as_it_was_chosen(client: Client) -> None:
    url = reverse("inbox-new")
    client.post(url, typed(same="", smtp_user=USER, smtp_password="marzipan"))
    inbox = Inbox.objects.get()
    url = reverse("inbox", args=[inbox.pk])
    chosen = client.get(url).context["form"]["same"].value()
    client.post(url, typed(same="", imap_password="", smtp_user=USER, smtp_password=""))

    assert (chosen, client.get(url).context["form"]["same"].value()) == (False, False)
    inbox.refresh_from_db()
    assert unseal(inbox) == {"imap_password": "lantern", "smtp_password": "marzipan"}


def test_an_inbox_from_the_console_shares_a_sign_in_when_user_and_password_are_the_same(client: Client) -> None:
    client.post(reverse("inbox-new"), typed(same="", smtp_user=USER, smtp_password="lantern"))
    inbox = Inbox.objects.get()
    del inbox.settings["same"]
    inbox.save()
    url = reverse("inbox", args=[inbox.pk])
    alike = client.get(url).context["form"]["same"].value()
    client.post(url, typed(same="", smtp_user=USER, smtp_password="marzipan"))
    inbox.refresh_from_db()
    del inbox.settings["same"]
    inbox.save()

    assert (alike, client.get(url).context["form"]["same"].value()) == (True, False)


def test_what_is_found_is_filled_in_and_nothing_typed_is_lost(client: Client) -> None:
    given = typed(address="care@gmail.com", imap_host="", smtp_host="", imap_user="", then="find")
    page = client.post("/settings/inboxes/new", given).content.decode()

    assert 'value="imap.gmail.com"' in page and 'value="smtp.gmail.com"' in page
    assert 'value="Marisol at Quillfeather"' in page
    assert 'name="imap_user" value="care@gmail.com"' in page
    assert "lantern" not in page
    assert Inbox.objects.count() == 0


def test_what_is_saved_without_a_test_is_told(client: Client) -> None:
    page = client.post("/settings/inboxes/new", typed(then="save"), follow=True)

    assert [toast.text(strip=True) for toast in LexborHTMLParser(page.content).css(".toast p")] == ["Saved."]


def test_where_nothing_is_found_the_user_name_is_the_address_as_it_mostly_is(client: Client) -> None:
    given = typed(address="care@nowhere.invalid", imap_host="", smtp_host="", imap_user="", then="find")
    page = client.post("/settings/inboxes/new", given).content.decode()

    assert 'name="imap_user" value="care@nowhere.invalid"' in page


@pytest.mark.server
def test_the_first_run_goes_on_beside_the_test_that_went_well(client: Client, mailbox: Dovecot, office: Post) -> None:
    session = client.session
    session[UNDER_WAY] = True
    session.save()
    page = client.post("/settings/inboxes/new", real(mailbox, office, then="test"), follow=True).content

    tested = LexborHTMLParser(page).css("#test a")
    assert [(link.text(), link.attributes["href"]) for link in tested] == [("Next: invite your team", "/welcome/team")]
