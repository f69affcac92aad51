"""Signing in to a mailbox at a provider: there and back, tokens that stay fresh, and Dovecot that believes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from tests.counterparts.dovecot import USER, dovecot

from makegood.agents.models import Agent, Role
from makegood.channels.email import jobs
from makegood.channels.email.oauth_providers import PROVIDERS
from makegood.channels.email.probing import Probe, probe_all
from makegood.channels.email.tests.provider import CLIENT_ID, CLIENT_SECRET, Company, company
from makegood.channels.email.tests.servers import post
from makegood.clock.now import now
from makegood.eventlog.models import LoggedEvent
from makegood.inboxes.models import Inbox
from makegood.inboxes.sealing import unseal
from makegood.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    with company(USER) as served:
        monkeypatch.setenv("MAKEGOOD_HTTP_ALLOW", f"127.0.0.1:{served.port}")
        monkeypatch.setitem(PROVIDERS, "google", served.provider)
        yield served


@pytest.fixture
def client() -> Client:
    admin = Agent.objects.create(email="marisol@quillfeather.example", name="Marisol Quint", role=Role.ADMIN)
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture
def inbox(client: Client, there: Company) -> Inbox:
    typed: dict[str, Any] = {
        "way": "google", "address": USER, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "folders": "INBOX",
        "start": "now", "access": "all", "then": "save",
    }  # fmt: skip
    client.post("/settings/inboxes/new", typed)
    return Inbox.objects.get()


def leave(client: Client, inbox: Inbox) -> str:
    page = client.post(reverse("inbox-sign-in", args=[inbox.pk])).content.decode()
    link = re.search(r'href="(http://127\.0\.0\.1:\d+/authorize[^"]+)"', page)
    assert link
    return link.group(1).replace("&amp;", "&")


def sign_in(client: Client, inbox: Inbox, there: Company) -> None:
    back = there.authorize(leave(client, inbox))
    page = client.get("/settings/inboxes/sign-in", back)
    assert page.status_code == 200
    answer = client.post("/settings/inboxes/sign-in", back)
    assert answer.headers["Location"] == f"/settings/inboxes/{inbox.pk}?test=now#test"
    inbox.refresh_from_db()


def test_a_person_signs_in_and_the_tokens_are_sealed(client: Client, inbox: Inbox, there: Company) -> None:
    sign_in(client, inbox, there)

    kept = unseal(inbox)
    assert there.tokens[kept["imap_password"]] == USER
    assert kept["smtp_password"] == kept["imap_password"]
    assert kept["oauth_refresh"] == there.refresh
    assert kept["imap_password"] not in str(inbox.settings) + inbox.secrets
    assert inbox.settings["oauth"]["signed_in_at"]
    assert inbox.settings["imap"]["sign_in"] == "xoauth2"


def test_coming_back_changes_nothing_before_the_button_is_pressed(client: Client, inbox: Inbox, there: Company) -> None:
    client.get("/settings/inboxes/sign-in", there.authorize(leave(client, inbox)))

    assert there.asked == []
    inbox.refresh_from_db()
    assert "imap_password" not in unseal(inbox)


@pytest.mark.parametrize("state", ["", "guessed", "\ud800"])
def test_another_state_is_refused(client: Client, inbox: Inbox, there: Company, state: str) -> None:
    back = there.authorize(leave(client, inbox)) | {"state": state.encode("utf-8", "replace").decode()}

    assert client.post("/settings/inboxes/sign-in", back).status_code == 422
    assert there.asked == []


def test_a_state_is_good_once(client: Client, inbox: Inbox, there: Company) -> None:
    sign_in(client, inbox, there)
    state = there.asked[0]["code"]

    assert client.post("/settings/inboxes/sign-in", {"state": state, "code": "x"}).status_code == 422


def test_a_state_is_good_for_ten_minutes(client: Client, inbox: Inbox, there: Company) -> None:
    back = there.authorize(leave(client, inbox))

    with time_machine.travel(now() + timedelta(minutes=11)):
        assert client.post("/settings/inboxes/sign-in", back).status_code == 422


def test_the_providers_no_is_shown(client: Client, inbox: Inbox, there: Company) -> None:
    back = {"state": there.authorize(leave(client, inbox))["state"], "error": "access_denied"}

    page = client.get("/settings/inboxes/sign-in", back).content.decode()

    assert "Lantern Mail said no." in page and "access_denied" in page


def test_tokens_are_refreshed_before_they_end(client: Client, inbox: Inbox, there: Company) -> None:
    sign_in(client, inbox, there)
    first = unseal(inbox)["imap_password"]
    jobs.refresh_sign_ins.func()
    assert not Job.objects.filter(unique_key=f"sign-in:{inbox.pk}").exists()

    with time_machine.travel(now() + timedelta(minutes=50)):
        jobs.refresh_sign_ins.func()
        assert Job.objects.filter(unique_key=f"sign-in:{inbox.pk}").count() == 1
        jobs.refresh_sign_in_of.func(inbox.pk)

    inbox.refresh_from_db()
    assert unseal(inbox)["imap_password"] != first
    assert unseal(inbox)["oauth_refresh"] == there.refresh


def test_when_the_provider_wants_the_person_again_the_inbox_says_so(
    client: Client, inbox: Inbox, there: Company
) -> None:
    sign_in(client, inbox, there)
    there.refuses = (400, {"error": "invalid_grant", "error_description": "Token has been revoked."})

    jobs.refresh_sign_in_of.func(inbox.pk)

    inbox.refresh_from_db()
    assert inbox.health == "bad"
    assert inbox.health_said == (
        "Lantern Mail said no (invalid_grant Token has been revoked.). Sign in again on the inbox’s page."
    )


def test_when_the_provider_is_down_nothing_is_decided(client: Client, inbox: Inbox, there: Company) -> None:
    sign_in(client, inbox, there)
    there.refuses = (503, {})

    with pytest.raises(Exception, match="Lantern Mail answered 503"):
        jobs.refresh_sign_in_of.func(inbox.pk)

    inbox.refresh_from_db()
    assert inbox.health == ""


def test_saving_the_form_keeps_the_sign_in(client: Client, inbox: Inbox, there: Company) -> None:
    sign_in(client, inbox, there)
    typed = {
        "way": "google", "address": USER, "name": "Care", "client_id": CLIENT_ID, "folders": "INBOX", "start": "now",
        "access": "all", "then": "save",
    }  # fmt: skip

    client.post(reverse("inbox", args=[inbox.pk]), typed)

    inbox.refresh_from_db()
    assert inbox.settings["oauth"]["signed_in_at"]
    assert unseal(inbox)["oauth_refresh"] == there.refresh
    assert not LoggedEvent.objects.filter(data__icontains=there.refresh).exists()


@pytest.mark.server
def test_dovecot_and_smtp_believe_the_token(client: Client, inbox: Inbox, there: Company) -> None:
    sign_in(client, inbox, there)
    token = unseal(inbox)["imap_password"]
    with (
        dovecot(introspection_url=there.introspection_url) as mailbox,
        post(user=USER, token=token, deliver=mailbox.deliver) as office,
    ):
        inbox.settings["imap"] |= {"port": mailbox.imap_port, "security": "none"}
        inbox.settings["smtp"] |= {"port": office.port, "security": "none"}
        steps = list(probe_all(Probe.of(inbox)))
        assert [(step.name, step.state) for step in steps] == [
            ("found", "done"), ("secure", "done"), ("read", "done"), ("send", "done"), ("return", "done"),
        ]  # fmt: skip

        there.tokens.clear()
        office.token = "another"
        steps = list(probe_all(Probe.of(inbox)))
        assert [step.state for step in steps] == ["done", "done", "failed", "failed", "waiting"]
        assert steps[2].remedy == steps[3].remedy == "Sign in again at the provider."
