"""A letter that begins a conversation: what was typed is not lost when its page is left."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Page, Request, expect

from makegood.conversations.tests.factories import agent, come_in, inbox
from makegood.web.building.__main__ import build
from makegood.web.tests.browsing import ORIGIN, chromium, page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
TO, WORDS = "odile@fenwick.example", "Your pole is here."


def shown(page: Page) -> list[str]:
    return [page.get_by_label(label).input_value() for label in ("To", "Your words")]


def test_what_was_typed_is_there_again_until_it_was_sent_or_dropped() -> None:
    build()
    inbox()
    client = Client()
    client.force_login(agent())
    html = client.get("/conversations/new").content.decode()
    again = "What you had begun to write is here again."

    with chromium() as browser, page_of(browser, html) as page:
        expect(page.get_by_text(again)).to_be_hidden()
        assert page.evaluate("document.activeElement.name") == "to"
        page.keyboard.type(TO)
        page.get_by_label("Your words").fill(WORDS)

        page.goto(f"{ORIGIN}/")
        assert shown(page) == [TO, WORDS]
        page.get_by_role("button", name="Begin anew").click()
        expect(page.get_by_text(again)).to_be_hidden()
        assert shown(page) == ["", ""]

        page.get_by_label("To").fill(TO)
        page.get_by_label("Subject").fill("Pole")
        page.get_by_label("Your words").fill(WORDS)
        with page.expect_navigation():
            page.get_by_role("button", name="Send").click()
        assert shown(page) == ["", ""]
        assert page.evaluate("localStorage.length") == 0


def test_enter_in_a_field_sends_no_letter() -> None:
    build()
    client = Client()
    client.force_login(agent())
    reply = client.get(f"/conversations/{come_in().conversation_id}").content.decode()
    new = client.get("/conversations/new").content.decode()

    asked: list[Request] = []
    with chromium() as browser:
        for html in (reply, new):
            with page_of(browser, html) as page:
                page.on("request", lambda request: asked.append(request))
                page.locator("form [name=to]").fill(TO)
                page.locator("form textarea").fill(WORDS)
                if html == new:
                    page.get_by_label("Subject").fill("Pole")
                page.locator("form [name=to]").press("Enter")
                page.wait_for_timeout(300)

    assert [one.url for one in asked if one.method == "POST" and not one.url.endswith(("/draft", "/presence"))] == []
