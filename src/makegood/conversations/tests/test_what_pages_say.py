"""Small words of the pages: who wrote a note, who waits, what else the customer has, how a reply will be signed."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from makegood.agents.models import Agent
from makegood.conversations.actions.closing import close
from makegood.conversations.actions.noting import write_note
from makegood.conversations.actions.spam import mark_spam
from makegood.conversations.queries.listing import page_of
from makegood.conversations.queries.panel import panel_of
from makegood.conversations.queries.shelves import Shelf
from makegood.conversations.queries.timeline import timeline_of
from makegood.conversations.quoting import signature_of
from makegood.conversations.tests.factories import agent, answer, come_in, inbox
from makegood.inboxes.models import Inbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def marisol() -> Agent:
    return agent(signature="Marisol Quint\nWorkshop")


def test_one_s_own_note_is_by_you_and_a_colleague_s_by_name(marisol: Agent) -> None:
    conversation, jonas = come_in().conversation, agent("Jonas Pell")
    for writer in (marisol, jonas):
        write_note(conversation, "Called.", key=uuid.uuid4(), by=writer)

    entries = timeline_of(conversation, {one.pk: one for one in (marisol, jonas)}, marisol)

    assert [entry.by for entry in entries if entry.note] == ["You", "Jonas Pell"]


def test_nobody_waits_in_spam(marisol: Agent) -> None:
    conversation = come_in().conversation
    waited = page_of(Shelf(), marisol).rows[0]

    mark_spam(conversation, by=marisol)

    row = page_of(Shelf("spam"), marisol).rows[0]
    assert (waited.is_waiting, row.is_waiting, row.waits) == (True, False, "")


def test_other_conversations_of_the_customer_say_which_are_open(browser: Client, marisol: Agent) -> None:
    older = come_in("An older one.", subject="Lamp").conversation
    close(older, by=marisol)
    here = come_in().conversation
    newer = come_in("A newer one.", subject="Tent").conversation
    here.inbox = inbox()

    page = browser.get(f"/conversations/{here.pk}").content.decode()

    assert [one.pk for one in panel_of(here, []).others] == [newer.pk, older.pk]
    side = page.partition("Other conversations")[2].partition("</section>")[0]
    told = [line.partition("</small>")[0].endswith("· open") for line in side.split("<li>")[1:]]
    assert told == [True, False]
    assert "Past conversations" not in page


def test_the_composer_shows_how_the_reply_will_be_signed(browser: Client, marisol: Agent) -> None:
    conversation = come_in().conversation
    Inbox.objects.update(signature="Quillfeather <b>Outfitters</b>")

    page = browser.get(f"/conversations/{conversation.pk}").content.decode()
    message = answer(conversation, by=marisol)

    shown = page.partition('id="signature"')[2].partition("</div>")[0]
    assert "Marisol Quint<br>Workshop<br>Quillfeather &lt;b&gt;Outfitters&lt;/b&gt;" in shown
    message.inbox.refresh_from_db()
    assert signature_of(message) == "Marisol Quint\nWorkshop\nQuillfeather <b>Outfitters</b>"


def test_without_a_signature_the_composer_shows_none(browser: Client, marisol: Agent) -> None:
    conversation = come_in().conversation
    Agent.objects.update(signature="")

    assert 'id="signature"' not in browser.get(f"/conversations/{conversation.pk}").content.decode()
