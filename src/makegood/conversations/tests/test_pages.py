"""The pages about conversations: how many statements they cost, who may see them, and what strangers' words can do."""

from __future__ import annotations

import re
import tracemalloc
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from makegood.agents.models import Agent
from makegood.clock.now import now
from makegood.conversations.actions.assigning import assign
from makegood.conversations.actions.delivering import note_outcome, note_queued
from makegood.conversations.actions.noting import write_note
from makegood.conversations.actions.tagging import tag
from makegood.conversations.entries import WARNINGS
from makegood.conversations.envelope import Address, IncomingFile
from makegood.conversations.matching import reply_address
from makegood.conversations.models import Attachment, Conversation, Draft, Message, Note
from makegood.conversations.queries.timeline import timeline_of
from makegood.conversations.tests.factories import KOFI, ODILE, agent, answer, come_in, inbox, written
from makegood.files.storing import store
from makegood.inboxes.models import Inbox
from makegood.search import engines

pytestmark = pytest.mark.django_db
CANARIES = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "'-alert(1)-'",
    "javascript:alert(1)",
]
LIST_STATEMENTS, PAGE_STATEMENTS = 12, 15


@pytest.fixture
def secret() -> Inbox:
    return inbox("secret@quillfeather.example", "Secret", is_open_to_all=False)


def statements(browser: Client, url: str, **more: Any) -> int:
    """Of the second look: what a process remembers from the first is not counted."""
    assert browser.get(url, **more).status_code == 200
    with CaptureQueriesContext(connection) as counted:
        browser.get(url, **more)
    return len(counted)


def policy_of(answer_: Any) -> dict[str, str]:
    """The content security policy by directive."""
    return dict(part.strip().partition(" ")[::2] for part in answer_["Content-Security-Policy"].split(";"))


def test_the_list_costs_the_same_for_one_and_many(browser: Client, marisol: Agent) -> None:
    counts = []
    for upto in (1, 3, 30):
        while Conversation.objects.count() < upto:
            number = Conversation.objects.count()
            come_in(sender=Address(f"Person {number}", f"p{number}@x.example"))
        Conversation.objects.update(assignee=marisol)
        cache.clear()
        counts.append(statements(browser, reverse("conversations")))

    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= LIST_STATEMENTS


def test_the_conversation_costs_the_same_for_one_and_many(browser: Client, marisol: Agent) -> None:
    first = come_in(files=[IncomingFile("a.txt", "text/plain", b"a")])
    conversation, counts = first.conversation, []
    tag(conversation, "late", by=marisol)
    for upto in (1, 3, 30):
        while Note.objects.count() < upto:
            number = Note.objects.count()
            come_in("x", in_reply_to=first.message_id, files=[IncomingFile("a.txt", "text/plain", b"a")] * 2)
            note = write_note(conversation, f"Note {number}", key=uuid.uuid4(), by=marisol)
            Attachment.objects.create(note=note, file=store("n.txt", "text/plain", b"n"))
            ours = answer(conversation, by=marisol)
            note_queued(ours, [ODILE.email])
            note_outcome(Message.objects.get(pk=ours.pk), {ODILE.email: (Message.FAILED, "550")})
            come_in(sender=ODILE)
        counts.append(statements(browser, reverse("conversation", args=[conversation.pk])))

    assert counts[0] == counts[1] == counts[2]


def test_the_conversation_keeps_its_budget_of_statements(browser: Client, marisol: Agent) -> None:
    conversation = come_in(files=[IncomingFile("a.txt", "text/plain", b"a")]).conversation
    tag(conversation, "late", by=marisol)
    write_note(conversation, "Careful.", key=uuid.uuid4(), by=marisol)
    answer(conversation, by=marisol)

    assert statements(browser, reverse("conversation", args=[conversation.pk])) <= PAGE_STATEMENTS


def test_the_search_costs_the_same_for_one_and_many(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "WALKS", ())  # on PostgreSQL a rare word takes other ways than a common one
    counts = []
    for upto in (1, 3, 24):
        while Conversation.objects.count() < upto:
            number = Conversation.objects.count()
            come_in("pole", sender=Address(f"Person {number}", f"p{number}@x.example"))
        counts.append(statements(browser, reverse("search") + "?q=pole"))

    assert counts[0] == counts[1] == counts[2]


def test_older_pages_hold_what_the_first_does_not(browser: Client) -> None:
    for number in range(53):
        come_in(subject=f"Letter {number:02}")

    first = browser.get(reverse("conversations")).content.decode()
    older = re.search(r'href="(\?[^"]*older=[^"]*)"', first)
    assert older
    second = browser.get(reverse("conversations") + older.group(1).replace("&amp;", "&")).content.decode()

    shown = [set(re.findall(r"Letter \d\d", page)) for page in (first, second)]
    assert (len(shown[0]), len(shown[1]), shown[0] & shown[1]) == (50, 3, set())


@pytest.mark.parametrize(
    "query",
    [
        "older=nonsense",
        "older=nan.1",
        "older=1e400.1",
        "older=-1e18.5",
        "older=1.999999999999999999999999",
        "older=.",
        "view=x",
        "inbox=99999999999999999999",
        "inbox=-1",
        "team=²",
        "view=open&older=-62135596800.5",
    ],
)
def test_a_strange_address_is_the_beginning(browser: Client, query: str) -> None:
    come_in()

    assert browser.get(f"{reverse('conversations')}?{query}").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "q=x&older=nonsense",
        "q=%00",
        "q=tag:%00x",
        "q=x&older=9999999999999999999",
        "q=%ff%fe",
        "q=x&order=best&older=5",
    ],
)
def test_a_strange_search_is_answered(browser: Client, query: str) -> None:
    come_in()

    assert browser.get(f"{reverse('search')}?{query}").status_code == 200


def addresses_of(conversation: Conversation, message: Message, file: Any, label: Any) -> dict[str, str]:
    number = conversation.pk
    return {
        **{
            name: reverse(name, args=[number])
            for name in (
                "replies",
                "draft",
                "assignment",
                "closure",
                "closure-delete",
                "snooze",
                "tags",
                "spam",
                "spam-delete",
            )
        },
        "reply-undo": reverse("reply-undo", args=[number, message.pk]),
        "tag-delete": reverse("tag-delete", args=[number, label.pk]),
        "GET conversation": reverse("conversation", args=[number]),
        "GET message-body": reverse("message-body", args=[message.pk]),
        "GET file": reverse("file", args=[file]),
        "GET original": reverse("original", args=[message.pk]),
    }


def test_what_lies_in_another_inbox_does_not_exist(browser: Client, secret: Inbox) -> None:
    admin = agent(role="admin")
    message = come_in("Secret words.", to=secret, files=[IncomingFile("a.txt", "text/plain", b"a")])
    label = tag(message.conversation, "late", by=admin)
    file = message.attachments.get().file_id

    for name, address in addresses_of(message.conversation, message, file, label).items():
        answer_ = (
            browser.get(address) if name.startswith("GET") else browser.post(address, written(until="week", name="x"))
        )
        assert (name, answer_.status_code) == (name, 404)
        assert b"Secret words" not in answer_.content

    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.tags.count(), Message.objects.count()) == ("open", 1, 1)


def test_lists_and_searches_do_not_show_another_inbox(browser: Client, secret: Inbox) -> None:
    come_in("Heliotrope.", to=secret, subject="Heliotrope")

    pages = [
        browser.get(address).content.decode()
        for address in (
            reverse("conversations"),
            f"{reverse('conversations')}?inbox={secret.pk}",
            reverse("search") + "?q=heliotrope*",
            reverse("search") + "?q=is:open",
            f"{reverse('search')}?q=inbox:secret",
        )
    ]

    assert not any("Odile" in page or ">Heliotrope<" in page for page in pages)


def test_the_customers_past_in_another_inbox_is_not_shown(browser: Client, secret: Inbox) -> None:
    come_in(to=secret, subject="Heliotrope")
    here = come_in().conversation

    assert "Heliotrope" not in browser.get(reverse("conversation", args=[here.pk])).content.decode()


def test_who_is_not_signed_in_sees_the_door(client: Client) -> None:
    message = come_in()

    answer_ = client.get(reverse("conversation", args=[message.conversation_id]))

    assert (answer_.status_code, "/accounts/login/" in answer_["Location"]) == (302, True)


@pytest.mark.parametrize("canary", CANARIES)
def test_strangers_words_are_text_on_every_page(browser: Client, marisol: Agent, canary: str) -> None:
    sender = Address(canary, "o'dile+x@fenwick.example")
    message = come_in(
        f"pole {canary}", sender=sender, subject=f"{canary} pole", cc=[Address(canary, KOFI.email)],
        files=[IncomingFile(canary.replace("/", "_"), "text/plain", b"x")], problems=[canary],
    )  # fmt: skip
    conversation = message.conversation
    label = tag(conversation, canary[:40], by=marisol)
    write_note(conversation, f"pole {canary}", key=uuid.uuid4(), by=marisol)
    ours = answer(conversation, canary, by=marisol)
    note_queued(ours, [ODILE.email])
    note_outcome(Message.objects.get(pk=ours.pk), {ODILE.email: (Message.FAILED, canary)})
    browser.post(reverse("draft", args=[conversation.pk]), written(canary, to=canary, cc=canary))

    pages = [
        browser.get(address).content.decode()
        for address in (
            reverse("conversations"), reverse("conversation", args=[conversation.pk]), f"{reverse('search')}?q=pole",
            f"{reverse('conversation', args=[conversation.pk])}?part=timeline",
            reverse("message-body", args=[message.pk]),
        )
    ]  # fmt: skip
    pages.append(browser.get(reverse("search"), {"q": canary}).content.decode())
    pages.append(browser.post(reverse("replies", args=[conversation.pk]), written(canary, to=canary)).content.decode())

    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "onerror=alert(1)>" not in page.replace("onerror=alert(1)&gt;", "")
        assert 'href="javascript:' not in page
    if canary == "{{7*7}}":
        assert "{{7*7}}" in pages[1]
    assert label.name


def test_the_head_of_an_open_page_follows_what_others_do(browser: Client, marisol: Agent) -> None:
    conversation = come_in().conversation
    address = f"{reverse('conversation', args=[conversation.pk])}?part=standing"
    assert "with you" not in browser.get(address).content.decode()

    assign(conversation, to=marisol, by=marisol)
    tag(conversation, "repair", by=marisol)
    head = browser.get(address).content.decode()

    assert ("with you" in head, "repair" in head, "<h1" in head, "Messages" in head) == (True, True, True, False)


def test_a_conversation_is_put_off_until_a_typed_moment_and_woken_before_it(browser: Client) -> None:
    conversation = come_in().conversation
    moment = timezone.localtime(now() + timedelta(days=3)).replace(second=0, microsecond=0)

    browser.post(reverse("snooze", args=[conversation.pk]), {"at": moment.strftime("%Y-%m-%dT%H:%M")})

    conversation.refresh_from_db()
    assert (conversation.status, conversation.snoozed_until) == ("snoozed", moment)
    page = browser.get(reverse("conversation", args=[conversation.pk])).content.decode()
    said = f"put this off until {date_format(moment, 'DATETIME_FORMAT')}"
    assert ("Wake now" in page, said in page) == (True, True)
    snoozed = browser.get(reverse("conversations") + "?view=snoozed").content.decode()
    assert date_format(moment, "DATETIME_FORMAT") in snoozed
    browser.post(reverse("closure-delete", args=[conversation.pk]))
    conversation.refresh_from_db()
    assert (conversation.status, conversation.snoozed_until) == ("open", None)


def test_a_mails_own_html_has_a_page_with_a_policy_of_its_own(browser: Client) -> None:
    message = come_in("x", html="<p style='color:red'>Hello</p>", html_is_plain=False)

    answer_ = browser.get(reverse("message-body", args=[message.pk]))

    assert policy_of(answer_) == {
        "default-src": "'none'", "style-src": "'unsafe-inline'", "img-src": "'self'", "frame-ancestors": "'self'",
        "sandbox": "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
    }  # fmt: skip
    assert (answer_["X-Frame-Options"], answer_["X-Content-Type-Options"]) == ("SAMEORIGIN", "nosniff")
    assert answer_["Cache-Control"] == "no-store"
    assert b"Hello" in answer_.content


def test_a_pages_policy_allows_nothing_inline(browser: Client) -> None:
    message = come_in()

    answer_ = browser.get(reverse("conversation", args=[message.conversation_id]))

    assert "unsafe" not in answer_["Content-Security-Policy"]
    assert answer_["Cache-Control"] == "no-store"


def test_html_that_is_not_plain_stands_in_a_frame(browser: Client) -> None:
    message = come_in("x", html="<p style='color:red'>Hello</p>", html_is_plain=False, reply_text="x")

    page = browser.get(reverse("conversation", args=[message.conversation_id])).content.decode()

    assert f'<iframe src="{reverse("message-body", args=[message.pk])}"' in page
    assert "allow-scripts" not in page
    assert "color:red" not in page


def test_html_that_a_frame_shows_is_not_read_for_the_page(marisol: Agent) -> None:
    conversation = come_in("x", html="<p>Plain.</p>", html_is_plain=True).conversation
    for number in range(40):
        come_in(f"x {number}", sender=ODILE, html="<table><tr><td>" + "y" * 500_000, html_is_plain=False,
                delivered_to=[reply_address(conversation.inbox.address, conversation.token)])  # fmt: skip

    tracemalloc.start()
    with CaptureQueriesContext(connection) as counted:
        entries = [entry for entry in timeline_of(conversation, {}, agent()) if entry.message]
        shown = [(entry.shows_frame, entry.words) for entry in entries]
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert shown == [(False, "<p>Plain.</p>"), *[(True, "")] * 40]
    assert all("html" in entry.message.get_deferred_fields() for entry in entries if entry.message)
    assert not [
        query
        for query in counted.captured_queries
        if re.search(r'(?<!THEN )"message"."html"(?!(::text)? LIKE)', query["sql"])
    ]
    assert most < 2_000_000  # of twenty million letters none came


@pytest.mark.parametrize(
    ("kind", "is_inline", "disposition", "served"),
    [
        *[(kind, True, "inline", kind) for kind in ("image/png", "image/jpeg", "image/gif", "image/webp")],
        ("image/png", False, "attachment", "application/octet-stream"),
        *[(kind, True, "attachment", "application/octet-stream") for kind in (
            "image/svg+xml", "image/tiff", "text/html", "application/xhtml+xml", "text/xml", "text/plain",
            "application/pdf", "application/zip", "text/javascript", "message/rfc822", "application/msword",
            "application/vnd.ms-word.document.macroEnabled.12", "application/vnd.ms-excel.sheet.macroEnabled.12",
        )],
    ],
)  # fmt: skip
def test_a_file_is_shown_only_when_it_is_a_picture_of_ours(
    browser: Client, kind: str, is_inline: bool, disposition: str, served: str
) -> None:
    message = come_in(files=[IncomingFile('a"b;.x', kind, b"bytes", inline=is_inline, content_id="c")])

    answer_ = browser.get(reverse("file", args=[message.attachments.get().file_id]))

    assert b"".join(answer_.streaming_content) == b"bytes"  # type: ignore[attr-defined]
    assert answer_["Content-Disposition"].startswith(disposition)
    assert (answer_["Content-Type"], answer_["X-Content-Type-Options"]) == (served, "nosniff")
    assert policy_of(answer_)["default-src"] == "'none'"
    assert policy_of(answer_)["sandbox"] == ""


def test_a_draft_s_file_is_for_its_writer_alone(browser: Client, marisol: Agent) -> None:
    draft = Draft.objects.create(agent=agent("Tobias Pell"), conversation=come_in().conversation)
    attachment = Attachment.objects.create(draft=draft, file=store("a.txt", "text/plain", b"a"))

    assert browser.get(reverse("file", args=[attachment.file_id])).status_code == 404
    Draft.objects.update(agent=marisol)
    assert browser.get(reverse("file", args=[attachment.file_id])).status_code == 200


@pytest.mark.parametrize("code", ["mixed_script_domain", "lookalike_domain", "several_senders", "no_sender",
                                  "reply_to_elsewhere", "name_has_address"])  # fmt: skip
def test_each_warning_is_a_sentence_on_the_page(browser: Client, code: str) -> None:
    message = come_in(warnings=[code])

    page = browser.get(reverse("conversation", args=[message.conversation_id])).content.decode()

    assert str(WARNINGS[code]).replace("'", "&#x27;") in page


@pytest.mark.parametrize(
    ("identity", "words"),
    [("aligned", "sender confirmed"), ("claimed", "sender not confirmed"), ("", "sender not confirmed")],
)
def test_how_sure_we_are_of_the_sender_stands_beside_the_name(browser: Client, identity: str, words: str) -> None:
    message = come_in(identity=identity)

    page = browser.get(reverse("conversation", args=[message.conversation_id])).content.decode()

    assert re.findall(r">(sender (?:not )?confirmed)<", page) == [words]


def test_times_are_told_in_each_agents_own_zone(browser: Client, marisol: Agent) -> None:
    come_in()
    Agent.objects.filter(pk=marisol.pk).update(timezone="Pacific/Kiritimati")
    there = browser.get(reverse("conversations")).content.decode()
    Agent.objects.filter(pk=marisol.pk).update(timezone="Pacific/Honolulu")
    here = browser.get(reverse("conversations")).content.decode()

    titles = [re.findall(r'<time datetime="[^"]*" title="([^"]*)"', page) for page in (there, here)]
    assert titles[0] != titles[1]


def test_an_answer_goes_where_the_sender_asks_for_it(browser: Client) -> None:
    message = come_in(reply_to=[KOFI])

    page = browser.get(reverse("conversation", args=[message.conversation_id])).content.decode()

    assert "kofi@larkspur.example" in page


def test_who_has_no_name_is_called_by_their_address(marisol: Agent, client: Client) -> None:
    come_in(sender=Address("", "odile@fenwick.example"))
    client.force_login(marisol)

    page = client.get("/conversations").content.decode()

    assert "odile@fenwick.example</b>" in page
    assert "Unknown sender" not in page


@pytest.mark.parametrize("page", ["view=nobody", "view=closed", ""])
def test_what_is_done_with_a_conversation_keeps_the_list_it_was_opened_from(browser: Client, page: str) -> None:
    number = come_in().conversation_id
    here = f"/conversations/{number}" + (f"?{page}" if page else "")

    answer = browser.post(f"/conversations/{number}/closure", headers={"referer": f"http://testserver{here}"})

    assert answer.headers["Location"] == here


@pytest.mark.parametrize(
    "page", ["https://elsewhere.example/conversations/1?view=spam", "http://testserver/search?view=spam", "//[", ""]
)
def test_only_a_page_about_conversations_says_which_list_to_go_back_to(browser: Client, page: str) -> None:
    number = come_in().conversation_id

    answer = browser.post(f"/conversations/{number}/closure", headers={"referer": page})

    assert answer.headers["Location"] == f"/conversations/{number}"
