"""Colleagues at one conversation: who sees whom, in which words, and what it costs."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from makegood.agents.models import Agent, Role
from makegood.clock.now import now
from makegood.conversations.actions.noting import write_note
from makegood.conversations.envelope import Kind
from makegood.conversations.models import Conversation, Message
from makegood.conversations.tests.factories import agent, answer, come_in
from makegood.eventlog.models import LoggedEvent
from makegood.inboxes.models import Inbox
from makegood.live.models import Presence

pytestmark = pytest.mark.django_db
OF_SIGN_IN = 2  # the session, the person
LIST_STATEMENTS = 12


@pytest.fixture
def conversation() -> Conversation:
    return come_in().conversation


@pytest.fixture
def jonas() -> Agent:
    return agent("Jonas Pell")


def signed_in(person: Agent) -> Client:
    client = Client()
    client.force_login(person)
    return client


def beats(person: Agent, conversation: Conversation, doing: str = "looking", seconds: float = 0) -> int:
    """A page of theirs says so; `seconds` ago they began. The answer's status."""
    address = reverse("presence", args=[conversation.pk])
    answer_ = signed_in(person).post(address, {"doing": doing, "page": "a"})
    if seconds:
        Presence.objects.update(since=Presence.objects.get(agent_id=person.pk).since - seconds)
    return answer_.status_code


def shown(browser: Client, conversation: Conversation, **asked: object) -> list[str]:
    """The lines above the composer, in words."""
    page = browser.get(reverse("presence", args=[conversation.pk]), asked).content.decode()
    lines = LexborHTMLParser(page).css(".alert, .looker, .below")
    for face in LexborHTMLParser(page).css(".av"):
        face.decompose()
    return [" ".join(line.text(separator=" ").split()) for line in lines]


def rings(page: str) -> dict[str, str]:
    """By the ring's id, its words."""
    found = LexborHTMLParser(page).css(".ring")
    return {ring.attributes["id"] or "": words.text().strip(", ") for ring in found if (words := ring.css_first(".vh"))}


@pytest.mark.parametrize(
    ("doing", "seconds", "line"),
    [
        ("looking", 0, "JP Jonas is looking"),
        ("reply", 2, "JP Jonas is writing a reply started just now Leave it to Jonas"),
        ("reply", 27, "JP Jonas is writing a reply started 20 seconds ago Leave it to Jonas"),
        ("note", 61, "JP Jonas is writing a note started 1 minute ago Leave it to Jonas"),
        ("note", 150, "JP Jonas is writing a note started 2 minutes ago Leave it to Jonas"),
    ],
)
def test_what_a_colleague_does_is_told_in_words(
    doing: str, seconds: float, line: str, browser: Client, jonas: Agent, conversation: Conversation
) -> None:
    assert beats(jonas, conversation, doing, seconds) == 204

    assert shown(browser, conversation) == [line]


def test_nobody_is_told_of_themselves(browser: Client, marisol: Agent, conversation: Conversation) -> None:
    beats(marisol, conversation, "reply")

    assert shown(browser, conversation) == []
    assert rings(browser.get(reverse("conversations")).content.decode()) == {}


def test_leaving_is_told_at_once(browser: Client, jonas: Agent, conversation: Conversation) -> None:
    beats(jonas, conversation)

    left = signed_in(jonas).post(reverse("presence-delete", args=[conversation.pk]), {"page": "a"})

    assert (left.status_code, shown(browser, conversation)) == (204, [])


def test_leaving_it_to_them_goes_back_to_the_list_it_was_opened_from(
    browser: Client, jonas: Agent, conversation: Conversation
) -> None:
    beats(jonas, conversation, "reply")
    page = browser.get(reverse("conversation", args=[conversation.pk]), {"view": "nobody"}).content.decode()
    strip = LexborHTMLParser(page).css_first("mg-together")

    fragment = browser.get(strip.attributes["hx-get"] or "").content.decode()

    links = LexborHTMLParser(fragment).css(".writing a")
    assert [link.attributes["href"] for link in links] == ["/conversations?view=nobody"]


def test_presence_is_kept_nowhere_else(browser: Client, jonas: Agent, conversation: Conversation) -> None:
    before = LoggedEvent.objects.count()
    beats(jonas, conversation, "reply")
    signed_in(jonas).post(reverse("presence-delete", args=[conversation.pk]), {"page": "a"})

    assert (LoggedEvent.objects.count(), Presence.objects.count()) == (before, 0)


def test_whoever_may_not_see_the_conversation_sees_nobody_there_and_cannot_be_there(
    jonas: Agent, conversation: Conversation
) -> None:
    Inbox.objects.update(is_open_to_all=False)
    beats(agent("Ines Brandt", Role.ADMIN), conversation, "reply")
    before = list(Presence.objects.values_list())
    theirs = signed_in(jonas)

    posted = theirs.post(reverse("presence", args=[conversation.pk]), {"doing": "reply", "page": "a"})
    left = theirs.post(reverse("presence-delete", args=[conversation.pk]), {"page": "a"})
    looked = theirs.get(reverse("presence", args=[conversation.pk]))
    asked = theirs.get(reverse("rings"), {"rows": conversation.pk}).content.decode()

    assert [answer_.status_code for answer_ in (posted, left, looked)] == [404, 404, 404]
    assert (asked.strip(), list(Presence.objects.values_list())) == ("", before)


def test_what_is_held_back_is_there_only_for_those_who_may_release_it(jonas: Agent, conversation: Conversation) -> None:
    Conversation.objects.update(status=Conversation.HELD)
    light = agent("Teodor Vance", Role.LIGHT)

    assert (beats(jonas, conversation), beats(light, conversation)) == (204, 404)
    assert signed_in(light).get(reverse("rings"), {"rows": conversation.pk}).content.decode().strip() == ""


@pytest.mark.parametrize(
    "fields", [{}, {"doing": "dancing", "page": "a"}, {"doing": "looking", "page": "a" * 17}, {"doing": "looking"}]
)
def test_a_strange_beat_is_none(fields: dict[str, str], browser: Client, conversation: Conversation) -> None:
    assert browser.post(reverse("presence", args=[conversation.pk]), fields).status_code == 400
    assert not Presence.objects.exists()


def test_a_beat_costs_two_statements_beside_those_of_sign_in(browser: Client, conversation: Conversation) -> None:
    beat = (reverse("presence", args=[conversation.pk]), {"doing": "looking", "page": "a"})
    browser.post(*beat)

    with CaptureQueriesContext(connection) as counted:
        browser.post(*beat)

    assert len(counted) == OF_SIGN_IN + 2


def test_an_open_page_keeps_nobody_signed_in(browser: Client, conversation: Conversation) -> None:
    browser.get(reverse("conversation", args=[conversation.pk]))
    session = browser.session
    long_ago = session["seen_at"] = int((now() - timedelta(hours=3)).timestamp())
    session.save()

    browser.post(reverse("presence", args=[conversation.pk]), {"doing": "looking", "page": "a"})
    browser.post(reverse("presence-delete", args=[conversation.pk]), {"page": "a"})
    assert browser.session["seen_at"] == long_ago

    browser.get(reverse("conversation", args=[conversation.pk]))
    assert browser.session["seen_at"] > long_ago


def test_a_row_says_who_is_there_whether_it_has_an_owner_or_not(
    browser: Client, marisol: Agent, jonas: Agent, conversation: Conversation
) -> None:
    other = come_in(subject="Return label").conversation
    Conversation.objects.filter(pk=other.pk).update(assignee=marisol)
    ines = agent("Ines Brandt")
    for person, at, doing in ((jonas, conversation, "looking"), (ines, conversation, "note"), (jonas, other, "reply")):
        beats(person, at, doing)
    there = {
        f"ring-{conversation.pk}": "Ines is writing a note, Jonas is looking",
        f"ring-{other.pk}": "Jonas is writing a reply",
    }

    assert rings(browser.get(reverse("conversations")).content.decode()) == there
    asked = {"rows": f"{conversation.pk},{other.pk},999999,x,"}
    assert rings(browser.get(reverse("rings"), asked).content.decode()) == there


def test_a_row_that_has_been_left_is_told_empty(browser: Client, conversation: Conversation) -> None:
    page = browser.get(reverse("rings"), {"rows": conversation.pk}).content.decode()

    (ring,) = LexborHTMLParser(page).css(".ring")
    assert (ring.attributes["id"], ring.attributes["hx-swap-oob"], ring.text()) == (
        f"ring-{conversation.pk}", "true", "",
    )  # fmt: skip


def test_rings_cost_the_list_the_same_for_one_and_many(browser: Client, conversation: Conversation) -> None:
    counts = []
    for upto in (1, 3, 12):
        while Presence.objects.count() < upto:
            beats(agent(f"Person {uuid.uuid4().hex[:6]}"), come_in(subject="Return label").conversation)
        browser.get(reverse("conversations"))
        with CaptureQueriesContext(connection) as counted:
            browser.get(reverse("conversations"))
        counts.append(len(counted))

    assert counts[0] == counts[1] == counts[2] <= LIST_STATEMENTS


def test_looking_at_who_is_there_costs_the_same_for_one_and_many(browser: Client, conversation: Conversation) -> None:
    counts = []
    for upto in (1, 3, 12):
        while Presence.objects.count() < upto:
            beats(agent(f"Person {uuid.uuid4().hex[:6]}"), conversation)
            come_in("And the pegs?", in_reply_to=conversation.messages.first().message_id)
        with CaptureQueriesContext(connection) as counted:
            browser.get(reverse("presence", args=[conversation.pk]), {"seen": 0, "noted": 0})
        counts.append(len(counted))

    assert counts[0] == counts[1] == counts[2]


def newest(conversation: Conversation) -> int:
    return Message.objects.filter(conversation=conversation).latest("pk").pk


def comes_again(conversation: Conversation, **fields: object) -> Message:
    return come_in("And the pegs?", in_reply_to=conversation.messages.first().message_id, **fields)


def test_what_came_since_the_page_was_read_is_told_with_the_way_to_it(
    browser: Client, marisol: Agent, jonas: Agent, conversation: Conversation
) -> None:
    mark = {"seen": newest(conversation), "noted": 0}
    assert shown(browser, conversation, **mark) == []
    safe = "Your draft is safe below. Show"

    comes_again(conversation)
    assert shown(browser, conversation, **mark) == [f"Odile Fenwick wrote again just now. {safe}", "1 new message"]
    answer(conversation, by=marisol)  # one's own is no news
    write_note(conversation, "Careful.", key=uuid.uuid4(), by=jonas)
    theirs = answer(conversation, by=jonas)
    assert shown(browser, conversation, **mark) == [f"Jonas replied just now. {safe}", "2 new messages"]

    page = browser.get(reverse("presence", args=[conversation.pk]), mark).content.decode()
    links = LexborHTMLParser(page).css("[data-seen]")
    assert {(a.attributes["href"], a.attributes["data-seen"]) for a in links} == {
        (f"#message-{theirs.pk}", str(theirs.pk))
    }
    assert shown(browser, conversation, seen=theirs.pk, noted=links[0].attributes["data-noted"]) == []


def test_a_note_and_what_nobody_wrote_are_told_as_that(
    browser: Client, jonas: Agent, conversation: Conversation
) -> None:
    mark = {"seen": newest(conversation), "noted": 0}
    write_note(conversation, "Careful.", key=uuid.uuid4(), by=jonas)
    assert shown(browser, conversation, **mark) == [
        "Jonas added a note just now. Your draft is safe below. Show", "1 new note",
    ]  # fmt: skip

    mark["noted"] = conversation.notes.get().pk
    comes_again(conversation, kind=Kind.AUTO_REPLY)
    assert shown(browser, conversation, **mark) == [
        "An automatic mail came in. Your draft is safe below. Show", "1 new message",
    ]  # fmt: skip


def test_what_came_a_while_ago_is_not_told_as_just_now(browser: Client, conversation: Conversation) -> None:
    mark = {"seen": newest(conversation), "noted": 0}
    comes_again(conversation)
    Message.objects.update(at=now() - timedelta(minutes=10))

    assert shown(browser, conversation, **mark)[0].startswith("Odile Fenwick wrote while you were here.")


def test_a_strange_mark_is_none(browser: Client, conversation: Conversation) -> None:
    comes_again(conversation)

    assert shown(browser, conversation, seen="x", noted="9" * 30) == []
