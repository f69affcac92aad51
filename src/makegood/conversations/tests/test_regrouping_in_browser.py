"""Merging, splitting and renaming: for everybody, on every screen, in both themes, with and without scripts."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from makegood.conversations.actions import merging
from makegood.conversations.models import Conversation
from makegood.conversations.tests.factories import KOFI, agent, come_in, inbox
from makegood.web.building.__main__ import build
from makegood.web.tests.browsing import chromium, page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LONG = "Rucksackreißverschlussreparaturbestätigung" * 3


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    build()


@pytest.fixture
def conversation() -> Conversation:
    """With another one merged into it, one more of the customer, a hint, and an inbox to move to."""
    marisol = agent()
    inbox("workshop@quillfeather.example", "Workshop")
    come_in("Another.", subject=LONG)
    gone = come_in("The refund?", sender=KOFI, subject=LONG).conversation
    first = come_in("The pole cracked.", subject="Tent")
    come_in("And the bag.", in_reply_to=first.message_id)
    merging.merge(gone, into=first.conversation, by=marisol)
    hinted = come_in("Whose?", sender=KOFI).conversation
    Conversation.objects.filter(pk=first.conversation_id).update(may_belong_to=hinted)
    return Conversation.objects.get(pk=first.conversation_id)


def html_of(url: str, theme: str = "light") -> str:
    client = Client()
    client.force_login(agent())
    return re.sub("<html", f'<html data-theme="{theme}"', client.get(url).content.decode(), count=1)


def assert_fit(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    flow = "[...document.querySelectorAll('.flow, .in')].every((one) => one.scrollWidth <= one.clientWidth)"
    assert page.evaluate(flow)
    violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in violations] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_menus_and_the_timeline_fit_everywhere(conversation: Conversation, width: int, theme: str) -> None:
    html = html_of(reverse("conversation", args=[conversation.pk]), theme)
    with chromium() as browser, page_of(browser, html, width=width) as page:
        expect(page.locator(".evt").get_by_role("button", name="Undo")).to_be_visible()
        expect(page.get_by_role("button", name="Not the same")).to_be_visible()
        for name, menu in (("Change the subject", "subject"), ("Merge", "merge"), ("Move", "move")):
            page.get_by_role("button", name="More", exact=True).click()
            page.locator("#more").get_by_role("button", name=name, exact=True).click()
            expect(page.locator(f"#{menu}")).to_be_visible()
            assert_fit(page)
            page.keyboard.press("Escape")
            page.keyboard.press("Escape")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_to_choose_by_fits_everywhere(conversation: Conversation, width: int, theme: str) -> None:
    html = html_of(reverse("mergers", args=[conversation.pk]), theme)
    with chromium() as browser, page_of(browser, html, width=width) as page:
        expect(page.get_by_text("named by the letter")).to_be_visible()
        expect(page.get_by_role("button", name=f"Merge into {LONG}")).to_be_visible()
        assert_fit(page)


def test_all_of_it_is_there_without_scripts_and_by_the_keyboard(conversation: Conversation) -> None:
    html = html_of(reverse("conversation", args=[conversation.pk]))
    with chromium() as browser, page_of(browser, html, java_script_enabled=False) as page:
        page.get_by_role("button", name="More", exact=True).press("Enter")
        page.locator("#more").get_by_role("button", name="Change the subject").press("Enter")
        expect(page.locator("#subject input[name=subject]")).to_have_value("Tent")
        page.keyboard.press("Escape")
        expect(page.locator("#subject")).to_be_hidden()
        page.locator("#more").get_by_role("button", name="Merge", exact=True).press("Enter")
        expect(page.locator("#merge button[name=into]")).to_have_count(1)
        expect(page.get_by_role("button", name="Split off from here")).to_have_count(2)
