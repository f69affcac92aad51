"""A new letter follows the inbox that it leaves from: what may be on it, and how it is signed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from makegood.agents.tests.people import person, signed_in
from makegood.channels.tests.fake import KIND, registered
from makegood.inboxes.models import Inbox
from makegood.web.building.__main__ import build
from makegood.web.tests.browsing import chromium, page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    build()


@pytest.fixture
def html() -> str:
    Inbox.objects.create(name="Care", address="care@quillfeather.example", signature="The people of Care")
    with registered():
        Inbox.objects.create(name="Porch", address="porch", channel=KIND, signature="The porch")
        page = signed_in(person("Marisol Quint", signature="Marisol"))
        return page.get("/conversations/new").content.decode()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_what_may_be_on_it_comes_and_goes_with_the_inbox(html: str, width: int, theme: str) -> None:
    themed = html.replace("<html ", f'<html data-theme="{theme}" ', 1)
    with chromium() as browser, page_of(browser, themed, width=width) as page:
        for name, is_mail in (("Care", True), ("Porch", False), ("Care", True)):
            page.get_by_label("From").select_option(label=name)
            for field in ("cc", "bcc", "uploads"):
                expect(page.locator(f"[name={field}]")).to_be_visible(visible=is_mail)
            expect(page.get_by_text("this inbox sends no subjects")).to_be_visible(visible=not is_mail)
            expect(page.get_by_text("The people of Care")).to_be_visible(visible=is_mail)
            expect(page.get_by_text("The porch")).to_be_visible(visible=not is_mail)
            if shots := os.environ.get("MAKEGOOD_SHOTS"):
                page.screenshot(path=Path(shots) / f"new-{name}-{width}-{theme}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
            assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


def test_what_was_written_stays_in_sight_when_another_inbox_cannot_carry_it(html: str) -> None:
    with chromium() as browser, page_of(browser, html) as page:
        page.get_by_label("Bcc").fill("odile@fenwick.example")
        page.get_by_label("From").select_option(label="Porch")

        expect(page.get_by_label("Bcc")).to_be_visible()
        expect(page.get_by_label("Files")).to_be_hidden()
