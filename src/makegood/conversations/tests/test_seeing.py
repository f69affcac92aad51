"""Who looks at a conversation, in whatever way, is in the audit; nobody's open page hears of it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from makegood.agents.models import Agent
from makegood.channels.tests.factories import mail, read, wired
from makegood.conversations.actions import seeing
from makegood.conversations.envelope import IncomingFile
from makegood.conversations.models import Attachment, Draft, Message
from makegood.conversations.tests.factories import agent, come_in
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.sightings import Sightings
from makegood.files.storing import store

pytestmark = pytest.mark.django_db


@pytest.fixture
def sightings(monkeypatch: pytest.MonkeyPatch) -> Sightings:
    """None but this test's."""
    fresh = Sightings()
    monkeypatch.setattr(seeing, "SIGHTINGS", fresh)
    return fresh


@pytest.fixture
def marisol() -> Agent:
    return agent()


@pytest.fixture
def browser(marisol: Agent) -> Client:
    client = Client()
    client.force_login(marisol)
    return client


def seen(sightings: Sightings) -> list[tuple[str, int | None, int | None]]:
    sightings.write()
    rows = LoggedEvent.objects.filter(name="conversation.seen")
    return [(row.actor, row.conversation_id, row.scope) for row in rows]


def page_of(message: Message) -> str:
    return reverse("conversation", args=[message.conversation_id])


def original_of(message: Message) -> str:
    return reverse("original", args=[message.pk])


def body_of(message: Message) -> str:
    return reverse("message-body", args=[message.pk])


def file_of(message: Message) -> str:
    return reverse("file", args=[message.attachments.get().file_id])


@pytest.mark.parametrize("way", [page_of, body_of, file_of])
def test_each_way_to_see_it_is_noted(way: object, sightings: Sightings, browser: Client, marisol: Agent) -> None:
    message = come_in(files=[IncomingFile("a.txt", "text/plain", b"bytes")])

    assert callable(way)
    assert browser.get(way(message)).status_code == 200

    assert seen(sightings) == [(f"agent:{marisol.pk}", message.conversation_id, None)]


def test_the_original_too_and_several_ways_are_one_look(sightings: Sightings, browser: Client, marisol: Agent) -> None:
    message = read(mail(), wired(1))

    for way in (original_of, page_of, page_of):
        assert browser.get(way(message)).status_code == 200

    assert seen(sightings) == [(f"agent:{marisol.pk}", message.conversation_id, None)]


def test_what_was_not_shown_was_not_seen(sightings: Sightings, browser: Client, marisol: Agent) -> None:
    message = come_in(files=[IncomingFile("a.txt", "text/plain", b"bytes")])
    message.inbox.is_open_to_all = False
    message.inbox.save()
    own = Attachment.objects.create(
        draft=Draft.objects.create(agent=marisol, inbox=None), file=store("a.txt", "text/plain", b"a")
    )

    assert [browser.get(way(message)).status_code for way in (page_of, body_of, file_of)] == [404, 404, 404]
    assert browser.get(reverse("file", args=[own.file_id])).status_code == 200

    assert seen(sightings) == []
