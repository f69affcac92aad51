"""A conversation is merged, and the merge undone, while a colleague writes on its page: their words are not lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from httpx import Client
from playwright.sync_api import Browser, Page, expect

from makegood.web.building.__main__ import build
from makegood.web.tests.browsing import chromium
from tests.counterparts.letters import TO, hand_in, stored
from tests.counterparts.makegood import Makegood, makegood, token_of
from tests.counterparts.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.server]
STANDING = """
from makegood.conversations.models import Conversation, Draft
print(sorted((c.pk, m.text.strip()) for c in Conversation.objects.all() for m in c.messages.all()))
print([(d.conversation_id, d.text) for d in Draft.objects.all()])
"""


@pytest.fixture
def house() -> Iterator[Makegood]:
    build()
    with makegood() as house:
        house.run("inbox", "add", "email", "--address", TO)
        house.start()
        hand_in(house, 1, 2)
        eventually(lambda: len(stored(house)) == 2)
        yield house


@contextmanager
def writing_on(house: Makegood, browser: Browser, client: Client) -> Iterator[Page]:
    context = browser.new_context()
    context.add_cookies([{"name": c.name, "value": c.value or "", "url": house.url} for c in client.cookies.jar])
    page = context.new_page()
    page.goto(house.url + "/conversations/1", wait_until="networkidle")
    yield page
    context.close()


def test_the_page_follows_the_words_stay_and_go_where_the_conversation_went(house: Makegood) -> None:
    with chromium() as browser, closing(house.signed_in()) as client, writing_on(house, browser, client) as page:
        page.locator("#text").fill("Half a reply, which")
        client.post("/conversations/1/mergers", data={"into": 2, **token_of(client)}).raise_for_status()

        expect(page.get_by_role("heading", level=1)).to_have_text("Letter 2")
        expect(page.get_by_text("Marisol Quint merged “Letter 1” into this")).to_be_visible()
        expect(page.get_by_text("Words of letter 2.").last).to_be_visible()
        expect(page.locator("#text")).to_have_value("Half a reply, which")
        page.locator("#text").press_sequentially(" goes on.")
        eventually(lambda: house.python(STANDING).endswith("[(2, 'Half a reply, which goes on.')]"))

        client.post("/conversations/2/mergers/1/delete", data=token_of(client)).raise_for_status()
        page.get_by_role("button", name="Send", exact=False).first.click()
        page.wait_for_url("**/conversations/*")
        eventually(lambda: house.python(STANDING).endswith("[]"))

    said = house.python(STANDING).splitlines()[0]
    assert said.count("Half a reply, which goes on.") == 1
    assert (said.count("(1, 'Words of letter 1.')"), said.count("(2, 'Words of letter 2.')")) == (1, 1)
