"""Two people and one conversation, in two browsers: they see each other, and nobody answers over somebody else."""

from __future__ import annotations

import json
import os
import smtplib
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, LocatorAssertions, Page, expect

from makegood.web.building.__main__ import build
from makegood.web.tests.browsing import chromium
from tests.counterparts.letters import TO, hand_in, stored
from tests.counterparts.makegood import PASSWORD, Makegood, makegood
from tests.counterparts.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.server]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SHOTS = os.environ.get("MAKEGOOD_SHOTS")
PEOPLE = f"""
from makegood.agents.models import Agent, Role, Team
from makegood.inboxes.models import Inbox
names = {{"Jonas Pell": "jonas", "Ines Brandt": "ines", "Tobias Reed": "tobias"}}
for name, word in names.items():
    agent = Agent(email=f"{{word}}@quillfeather.example", name=name, role=Role.AGENT)
    agent.set_password({PASSWORD!r})
    agent.save()
Agent.objects.update(language="en")
care = Team.objects.create(name="Care")
care.members.set(Agent.objects.exclude(name="Tobias Reed"))
Inbox.objects.update(is_open_to_all=False)
Inbox.objects.get().teams.set([care])
"""
SENT = """
import json
from makegood.conversations.models import Message
rows = Message.objects.filter(direction="out", conversation_id=%d).order_by("pk")
print(json.dumps(list(rows.values_list("agent__name", "text"))))
"""
HEAR = "window.heard = []; document.addEventListener('mg:event', ({detail}) => window.heard.push(detail.name));"


@pytest.fixture(scope="module")
def house() -> Iterator[Makegood]:
    build()
    with makegood() as house:
        house.run("inbox", "add", "email", "--address", TO)
        house.python(PEOPLE)
        house.start()
        hand_in(house, 1, 2, 3, 4)
        eventually(lambda: len(stored(house)) >= 4)
        yield house


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def other_browser(browser: Browser) -> Iterator[Browser]:
    """A second Chromium, which shares nothing with the first."""
    other = browser.browser_type.launch(executable_path=which("chromium"), args=["--headless", "--no-sandbox"])
    yield other
    other.close()


def at(house: Makegood, browser: Browser, word: str, path: str) -> Page:
    page = browser.new_context(base_url=house.url, viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(10_000)
    page.add_init_script(HEAR)
    page.on("console", lambda line: pytest.fail(line.text) if "Content Security Policy" in line.text else None)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(f"{word}@quillfeather.example")
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()
    page.goto(path)
    return page


def strip(page: Page) -> LocatorAssertions:
    """What stands above the composer."""
    return expect(page.locator("#together"))


def sent(house: Makegood, number: int) -> list[list[str]]:
    found: list[list[str]] = json.loads(house.python(SENT % number))
    return found


def write_again(house: Makegood, number: int, words: str) -> None:
    content = (
        f"From: Odile Fenwick <odile@fenwick.example>\r\nTo: {TO}\r\nSubject: Again\r\n"
        f"Message-ID: <{number}-{words}>\r\nIn-Reply-To: <{number}@fenwick.example>\r\n\r\n{words}.\r\n"
    )
    with smtplib.LMTP("127.0.0.1", house.lmtp_port) as session:
        session.sendmail("odile@fenwick.example", [TO], content.encode())


def look(page: Page, name: str, height: int = 800) -> None:
    """In both themes and on a phone: accessible, and nothing hangs over the side."""
    for theme in ("light", "dark"):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": height})
            if SHOTS:
                page.screenshot(path=Path(SHOTS) / f"{name}-{theme}-{width}.png")
            sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert (name, theme, width, sideways) == (name, theme, width, 0)
            found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
            assert [(name, theme, width, one["id"], one["nodes"][0]["html"]) for one in found] == []
    page.set_viewport_size({"width": 1280, "height": height})


def test_two_at_one_conversation_see_each_other_and_the_second_who_sends_is_held(
    house: Makegood, browser: Browser, other_browser: Browser
) -> None:
    marisol = at(house, browser, "marisol", "/conversations/1")
    jonas = at(house, other_browser, "jonas", "/conversations/1")
    ines, tobias = at(house, browser, "ines", "/conversations"), at(house, browser, "tobias", "/conversations")
    ring = ines.locator("#ring-1 .vh")
    strip(marisol).to_have_text("JPJonas is looking")
    strip(jonas).to_contain_text("Marisol is looking")
    expect(ring).to_have_text(", Marisol is looking, Jonas is looking")
    look(marisol, "looking")
    look(ines, "ring")

    marisol.get_by_label("Your words").press_sequentially("No")
    jonas.get_by_label("Your words").press_sequentially("It left today.")
    strip(marisol).to_contain_text("Jonas is writing a reply started just now")
    strip(jonas).to_contain_text("Marisol is looking")  # two letters are not writing
    expect(ring).to_have_text(", Jonas is writing a reply, Marisol is looking")
    jonas.locator("label[data-key=n]").click()
    strip(marisol).to_contain_text("Jonas is writing a note")
    jonas.locator("label[data-key=r]").click()
    marisol.get_by_label("Your words").fill("A new pole is on its way.")
    strip(jonas).to_contain_text("Marisol is writing a reply")
    strip(marisol).to_contain_text("Jonas is writing a reply")
    look(marisol, "writing")

    marisol.get_by_label("Your words").focus()
    with jonas.expect_navigation():
        jonas.get_by_label("Your words").press("Control+Enter")
    strip(marisol).to_contain_text("Jonas replied just now. Your draft is safe below.")
    assert marisol.evaluate("document.activeElement.id") == "text"
    expect(marisol.get_by_label("Your words")).to_have_value("A new pole is on its way.")
    look(marisol, "news")

    with marisol.expect_navigation():
        marisol.get_by_label("Your words").press("Control+Enter")
    held = marisol.locator("#held")
    expect(held).to_contain_text("Jonas replied while you were writing. Your reply is held, not lost.")
    expect(held).to_contain_text("It left today.")
    assert sent(house, 1) == [["Jonas Pell", "It left today."]]
    look(marisol, "held")

    with marisol.expect_navigation():
        held.get_by_role("button", name="Send anyway").click()
    assert sent(house, 1) == [["Jonas Pell", "It left today."], ["Marisol Quint", "A new pole is on its way."]]

    jonas.goto("/conversations")
    strip(marisol).to_have_text("")
    assert "presence" in marisol.evaluate("window.heard") + ines.evaluate("window.heard")
    assert tobias.evaluate("window.heard") == []
    for page in (marisol, jonas, ines, tobias):
        page.context.close()


def test_the_customer_who_writes_again_is_told_and_what_was_shown_holds_nothing(
    house: Makegood, browser: Browser
) -> None:
    page = at(house, browser, "marisol", "/conversations/2")
    page.set_viewport_size({"width": 1280, "height": 480})
    text = page.get_by_label("Your words")
    text.fill("A new pole is on its way.")
    write_again(house, 2, "And-the-pegs")
    strip(page).to_contain_text("Odile Fenwick wrote again just now. Your draft is safe below.")
    expect(page.locator(".below")).to_be_hidden()  # the end of the thread is in sight

    page.locator(".thread").evaluate("thread => thread.scrollTo(0, -thread.scrollHeight)")
    before = page.locator(".msg").first.bounding_box()
    write_again(house, 2, "And-the-bag")
    expect(page.locator(".below")).to_have_text("2 new messages")
    expect(page.locator(".below")).to_be_visible()
    after = page.locator(".msg").first.bounding_box()
    assert before and after and abs(before["y"] - after["y"]) < 2  # nothing moved under the eye
    look(page, "below", 480)

    page.locator(".below").click()
    strip(page).to_have_text("")
    with page.expect_navigation():
        text.press("Control+Enter")
    expect(page.locator("#held")).to_have_count(0)
    assert sent(house, 2) == [["Marisol Quint", "A new pole is on its way."]]
    page.context.close()


def test_what_came_into_sight_before_the_first_word_holds_nothing(house: Makegood, browser: Browser) -> None:
    page = at(house, browser, "marisol", "/conversations/3")
    write_again(house, 3, "And-the-pegs")
    strip(page).to_contain_text("Odile Fenwick wrote again just now.")
    expect(page.locator(".safe")).to_be_hidden()  # there is no draft yet

    page.get_by_label("Your words").fill("The pegs as well.")
    with page.expect_navigation():
        page.get_by_label("Your words").press("Control+Enter")

    expect(page.locator("#held")).to_have_count(0)
    assert sent(house, 3) == [["Marisol Quint", "The pegs as well."]]
    page.context.close()


def test_whoever_leaves_it_to_a_colleague_finds_their_draft_again(
    house: Makegood, browser: Browser, other_browser: Browser
) -> None:
    marisol = at(house, browser, "marisol", "/conversations/4")
    jonas = at(house, other_browser, "jonas", "/conversations/4")
    jonas.get_by_label("Your words").fill("It left today.")
    marisol.get_by_label("Your words").fill("A new pole is on its way.")

    with marisol.expect_navigation():
        marisol.get_by_role("link", name="Leave it to Jonas").click()

    expect(marisol).to_have_url(f"{house.url}/conversations")
    strip(jonas).to_have_text("")
    marisol.goto("/conversations/4")
    expect(marisol.get_by_label("Your words")).to_have_value("A new pole is on its way.")
    for page in (marisol, jonas):
        page.context.close()
