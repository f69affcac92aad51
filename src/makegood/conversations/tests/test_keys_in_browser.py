"""Every line of the keyboard's help, walked: its keys do what it says."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from playwright.sync_api import Browser, Request
from selectolax.lexbor import LexborHTMLParser

from makegood.conversations.tests.factories import agent, answer, come_in
from makegood.web.building.__main__ import build
from makegood.web.tests.browsing import ORIGIN, chromium, page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
NAMES = {"↵": "Enter", "Ctrl": "Control", "⇧": "Shift"}
HERE = """() => {
  const open = document.querySelector("dialog[open], :popover-open")?.id;
  const [mode, focus] = [document.querySelector("[name=mode]:checked")?.value, document.activeElement];
  return open ?? (focus.name === "text" ? `writing a ${mode}` : focus.id);
}"""
# Where each line is walked: on the list, standing on the second row (of 2, 3, 1); in a conversation; or at its words.
LIST, TALK, WORDS = "list", "talk", "words"
DOES = {
    "Next, previous": (LIST, ["row-1", "row-3"]),
    "Open": (LIST, ["GET /conversations/3"]),
    "Back to the list": (TALK, ["GET /conversations"]),
    "About the customer": (TALK, ["side"]),
    "Reply": (TALK, ["writing a reply"]),
    "Note": (TALK, ["writing a note"]),
    "Send": (WORDS, ["POST /conversations/1/replies"]),
    "Send and close": (WORDS, ["POST /conversations/1/replies and close"]),
    "New conversation": (TALK, ["GET /conversations/new"]),
    "Assign": (TALK, ["assign"]),
    "Assign to me": (TALK, ["POST /conversations/1/assignment"]),
    "Snooze": (TALK, ["snooze"]),
    "Tag": (TALK, ["tag"]),
    "Close, open again": (TALK, ["POST /conversations/1/closure"]),
    "Undo": (TALK, ["POST /conversations/1/replies/4/undo"]),
    "Open conversations": (TALK, ["GET /conversations"]),
    "Search": (TALK, ["GET /search"]),
    "These keys": (TALK, ["keys"]),
}


@pytest.mark.django_db(transaction=True, reset_sequences=True)  # what is pressed leads to numbers
def test_every_key_does_what_the_help_says() -> None:
    build()
    html = _pages()
    lines = _lines(html[TALK])

    assert list(lines) == list(DOES)
    with chromium() as browser:
        done = {label: _walked(browser, html, DOES[label][0], presses) for label, presses in lines.items()}
    assert done == {label: does for label, (_, does) in DOES.items()}


def test_who_may_not_sort_has_no_key_that_is_refused(client: Client) -> None:
    talk = come_in().conversation
    client.force_login(agent(role="light"))
    page = LexborHTMLParser(client.get(f"/conversations/{talk.pk}").content)

    keys = {node.attributes["data-key"] for node in page.css("#main [data-key]")}
    assert keys == {"u", "t", "]", "n", "mod+enter", "mod+shift+enter"}


def _pages() -> dict[str, str]:
    """Three letters, and an answer that can be called back; before the browser starts, which forbids the database."""
    marisol, client = agent(), Client()
    client.force_login(marisol)
    first, *_ = [come_in(subject=f"Letter {number}") for number in (1, 2, 3)]
    answer(first.conversation, by=marisol)
    html = {LIST: client.get("/conversations").content.decode(), TALK: client.get("/conversations/1").content.decode()}
    return html | {WORDS: html[TALK]}


def _lines(html: str) -> dict[str, list[str]]:
    """What is pressed for each line of the help: keys at once, one after the other, or either of two."""
    lines = {}
    for line in LexborHTMLParser(html).css("#keys dl > div"):
        keys = [NAMES.get(key.text(), key.text()) for key in line.css("kbd")]
        label = line.css_first("dt").text()
        lines[label] = ["+".join(keys)] if keys[0] == "Control" else keys
    return lines


def _walked(browser: Browser, html: dict[str, str], place: str, presses: list[str]) -> list[str]:
    """What was asked of the server, or else where the person stands, after each press that did something."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.is_navigation_request() or request.method == "POST":
            closes = " and close" if re.search(r'name="after"\s+close', request.post_data or "") else ""
            asked.append(f"{request.method} {request.url.removeprefix(ORIGIN).partition('?')[0]}{closes}")

    with page_of(browser, html[place], width=1000) as page:
        page.wait_for_timeout(200)
        if place == LIST:
            page.locator(".item").nth(1).focus()
        if place == WORDS:
            page.locator("#text").fill("Good news.")
        page.on("request", note)
        done = []
        for press in presses:
            page.keyboard.press(press if "+" in press or len(press) > 1 else press.lower())
            page.wait_for_timeout(150)
            done.append(asked[-1] if asked else page.evaluate(HERE))
    return done[-2:] if place == LIST else done[-1:]
