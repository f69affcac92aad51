"""A letter that is held: for everybody, on every screen, in both themes, with and without scripts."""

from __future__ import annotations

import os
import re
import uuid

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from makegood.conversations.actions.noting import write_note
from makegood.conversations.tests.factories import KOFI, agent, answer, come_in, written
from makegood.web.building.__main__ import build
from makegood.web.tests.browsing import chromium, page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NOTE = "Be careful with this customer, they have returned four tents this year already."


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    build()


@pytest.fixture
def page_held() -> str:
    marisol, client = agent(), Client()
    client.force_login(marisol)
    conversation = come_in().conversation
    write_note(conversation, NOTE, key=uuid.uuid4(), by=marisol)
    typed = written(NOTE, cc=f"{KOFI.email}, tobias@quillfeather.example")
    return client.post(reverse("replies", args=[conversation.pk]), typed).content.decode()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_a_held_letter_can_be_read_and_answered_everywhere(page_held: str, width: int, theme: str) -> None:
    html = re.sub("<html", f'<html data-theme="{theme}"', page_held, count=1)
    with chromium() as browser, page_of(browser, html, width=width) as page:
        if shots := os.environ.get("MAKEGOOD_SHOTS"):
            page.screenshot(path=f"{shots}/held-{width}-{theme}.png")
        expect(page.get_by_role("button", name="Send anyway")).to_be_visible()
        expect(page.get_by_text("tobias@quillfeather.example new")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("link", name="Back to writing").press("Enter")
        assert page.evaluate("document.activeElement.name") == "text"
        violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in violations] == []


@pytest.fixture
def page_spoken_meanwhile() -> str:
    marisol, client = agent(), Client()
    client.force_login(marisol)
    first = come_in()
    typed = written("A new pole is on its way. " * 8) | {"seen": str(first.pk)}
    answer(first.conversation, "It left today, I think. " * 20, by=agent("Jonas Pell"))
    come_in("And the pegs? " * 30, in_reply_to=first.message_id)
    return client.post(reverse("replies", args=[first.conversation_id]), typed).content.decode()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 620), (390, 844), (390, 664)])
def test_a_letter_over_others_can_be_read_and_answered_everywhere(
    page_spoken_meanwhile: str, width: int, height: int, theme: str
) -> None:
    html = re.sub("<html", f'<html data-theme="{theme}"', page_spoken_meanwhile, count=1)
    with chromium() as browser, page_of(browser, html, width=width, height=height) as page:
        if shots := os.environ.get("MAKEGOOD_SHOTS"):
            page.screenshot(path=f"{shots}/meanwhile-{width}-{height}-{theme}.png")
        for name in ("Send anyway", "Back to writing", "Send Ctrl"):
            place = page.get_by_role("link" if "Back" in name else "button", name=name).bounding_box()
            assert place and 0 <= place["y"] <= height - place["height"], name
        violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in violations] == []


def test_it_works_without_scripts(page_held: str) -> None:
    with chromium() as browser, page_of(browser, page_held, java_script_enabled=False) as page:
        expect(page.get_by_role("button", name="Send anyway")).to_be_visible()
        expect(page.get_by_text("tobias@quillfeather.example new")).to_be_visible()


def test_enter_in_a_field_is_no_answer(page_held: str) -> None:
    with chromium() as browser, page_of(browser, page_held) as page:
        first = page.evaluate("document.querySelector('form.composer').querySelector('button').name")
        assert first != "anyway"
