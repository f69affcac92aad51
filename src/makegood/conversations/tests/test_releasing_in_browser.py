"""A mail that is held back: on every screen, in both themes, by keyboard and without scripts."""

from __future__ import annotations

import os
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from makegood.conversations.envelope import Address, Kind
from makegood.conversations.tests.factories import agent, come_in
from makegood.web.building.__main__ import build
from makegood.web.tests.browsing import chromium, page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    build()


@pytest.fixture
def page_held() -> str:
    client = Client()
    client.force_login(agent())
    held = come_in(
        "Your verification code is 482913", sender=Address("Pelican", "noreply@pelican.example"), subject="Your code",
        kind=Kind.VERIFICATION,
    )  # fmt: skip
    return client.get(reverse("conversation", args=[held.conversation_id])).content.decode()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_what_is_held_back_can_be_released_everywhere(page_held: str, width: int, theme: str) -> None:
    html = re.sub("<html", f'<html data-theme="{theme}"', page_held, count=1)
    with chromium() as browser, page_of(browser, html, width=width) as page:
        if shots := os.environ.get("MAKEGOOD_SHOTS"):
            page.screenshot(path=f"{shots}/held-back-{width}-{theme}.png")
        button = page.get_by_role("button", name="Release")
        expect(button).to_be_visible()
        button.focus()
        assert page.evaluate("document.activeElement.textContent") == "Release"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in violations] == []


def test_it_is_released_without_scripts(page_held: str) -> None:
    with chromium() as browser, page_of(browser, page_held, java_script_enabled=False) as page:
        with page.expect_request(re.compile("/release$")) as asked:
            page.get_by_role("button", name="Release").press("Enter")
        assert asked.value.method == "POST"
