"""Small words of the pages: who wrote a note, who waits, what else the customer has, how a reply will be signed."""

from __future__ import annotations

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from selectolax.lexbor import LexborHTMLParser

from makegood.agents.models import Agent
from makegood.conversations.actions.closing import close
from makegood.conversations.actions.noting import write_note
from makegood.conversations.actions.spam import mark_spam
from makegood.conversations.actions.tagging import tag, untag
from makegood.conversations.envelope import Address
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


def test_a_tag_put_on_and_taken_off_is_told_by_its_name(browser: Client, marisol: Agent) -> None:
    conversation = come_in().conversation
    for name in ("late parcel", "<b>"):
        untag(conversation, tag(conversation, name, by=marisol), by=marisol)

    entries = timeline_of(conversation, {marisol.pk: marisol}, marisol)
    page = browser.get(f"/conversations/{conversation.pk}").content.decode()

    assert [(str(entry.words), entry.icon) for entry in entries if entry.kind == "event"] == [
        ("Marisol Quint put the tag “late parcel” on", "tag"),
        ("Marisol Quint took the tag “late parcel” off", "tag"),
        ("Marisol Quint put the tag “<b>” on", "tag"),
        ("Marisol Quint took the tag “<b>” off", "tag"),
    ]
    assert page.count("the tag “&lt;b&gt;”") == 2


def test_tags_that_are_gone_cost_one_question_however_many(marisol: Agent) -> None:
    conversation, counts = come_in().conversation, []
    labels = [tag(conversation, name, by=marisol) for name in ("one", "two", "three")]
    for known in (labels, labels[1:], []):
        with CaptureQueriesContext(connection) as queries:
            timeline_of(conversation, {marisol.pk: marisol}, marisol, known)
        counts.append(len(queries))

    assert [count - counts[0] for count in counts] == [0, 1, 1]


def test_where_nobody_has_ever_written_the_list_says_how_to_try_it(browser: Client, marisol: Agent) -> None:
    def words(query: str = "") -> list[str]:
        return re.findall(r"Write to \S+ to see your first letter here\.", browser.get(f"/conversations{query}").text)

    before = words()
    secret = inbox("secret@quillfeather.example", "A secret", is_open_to_all=False)
    inbox("old@quillfeather.example", "An old one", is_active=False)
    workshop, care = inbox("workshop@quillfeather.example", "Workshop"), inbox()
    asked = [words(), words("?view=mine"), words(f"?inbox={workshop.pk}"), words(f"?inbox={secret.pk}")]
    close(come_in().conversation, by=marisol)

    assert asked == [[f"Write to {box.address} to see your first letter here."] for box in (care, care, workshop)] + [
        []
    ]
    assert (before, words(), words("?view=mine")) == ([], [], [])


def test_who_gave_no_name_has_the_letters_of_their_address(browser: Client) -> None:
    talk = come_in("Hello.", sender=Address("", "greta.moonstone@post.example")).conversation

    page = LexborHTMLParser(browser.get(f"/conversations/{talk.pk}").content)

    faces = [page.css_first(f"{place} .av").text() for place in ("#side", ".msg")]
    assert (faces, page.css_first("#side b").text()) == (["GM", "GM"], "greta.moonstone@post.example")


def test_nobody_waits_in_spam(marisol: Agent) -> None:
    conversation = come_in().conversation
    waited = page_of(Shelf(), marisol).rows[0]

    mark_spam(conversation, by=marisol)

    row = page_of(Shelf("spam"), marisol).rows[0]
    assert (waited.is_waiting, row.is_waiting) == (True, False)


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
