"""Remote images in Chromium, through the whole house: no other host hears of a mail until a person asks for them."""

from __future__ import annotations

import os
import re
import smtplib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from httpx import Client
from playwright.sync_api import Browser, FrameLocator, Page, expect

from makegood.channels.tests.test_remote_images import Host, drawing, hosting
from makegood.web.building.__main__ import build
from makegood.web.tests.browsing import chromium
from tests.counterparts.letters import TO, hand_in, stored
from tests.counterparts.makegood import Makegood, makegood, token_of
from tests.counterparts.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.server]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTH = "[...document.images].map((one) => one.naturalWidth)"


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with hosting() as host:
        host.answers |= {"/first.png": drawing(size=(300, 120)), "/second.png": drawing(), "/dot.gif": drawing("GIF")}
        yield host


@pytest.fixture(scope="module")
def house(host: Host) -> Iterator[Makegood]:
    build()
    with makegood(MAKEGOOD_HTTP_ALLOW=f"127.0.0.1:{host.port}") as house:
        house.run("inbox", "add", "email", "--address", TO)
        house.start()
        news(house, 1, host.url("/first.png"))
        news(house, 2, host.url("/second.png"), host.url("/dot.gif"), answers=1)
        quoting(house, 3, host.url("/first.png"))
        eventually(lambda: len(stored(house)) == 3)
        with closing(house.signed_in()) as client:
            eventually(lambda: client.get("/conversations/1").text.count("<iframe") == 3)
        yield house


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(autouse=True)
def _fresh(host: Host) -> None:
    host.asked.clear()
    host.slow = 0.0


def news(house: Makegood, number: int, *images: str, answers: int = 0) -> None:
    """A letter with a layout of its own; a later one answers an earlier one."""
    shown = "".join(f'<p><img src="{image}" alt="Our new tent"></p>' for image in images)
    reference = f"In-Reply-To: <news{answers}@moonstone.example>\r\n" if answers else ""
    content = (
        f"From: Greta Moonstone <greta@moonstone.example>\r\nTo: {TO}\r\nSubject: News of spring\r\n{reference}"
        f"Message-ID: <news{number}@moonstone.example>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        "<p>Dear friends of ours,</p>"
        f'<table width="560"><tr><td style="padding:12px"><h2>Letter {number} of spring</h2>{shown}'
        "<p>All tents are lighter this year.</p></td></tr></table>\r\n"
    )
    with smtplib.LMTP("127.0.0.1", house.lmtp_port) as session:
        session.sendmail("greta@moonstone.example", [TO], content.encode())


def quoting(house: Makegood, number: int, image: str) -> None:
    """An answer to the first letter that quotes a mail with an image below its own words."""
    content = (
        f"From: Greta Moonstone <greta@moonstone.example>\r\nTo: {TO}\r\nSubject: Re: News of spring\r\n"
        f"In-Reply-To: <news1@moonstone.example>\r\nMessage-ID: <news{number}@moonstone.example>\r\n"
        "Content-Type: text/html; charset=utf-8\r\n\r\n"
        "<p>Thank you for that.</p><p>On Monday Odile wrote:</p>"
        f'<blockquote type="cite"><p>Look at this.</p><p><img src="{image}" alt="A tent"></p></blockquote>\r\n'
    )
    with smtplib.LMTP("127.0.0.1", house.lmtp_port) as session:
        session.sendmail("greta@moonstone.example", [TO], content.encode())


@contextmanager
def opened(browser: Browser, house: Makegood, **options: object) -> Iterator[tuple[Page, list[str]]]:
    """The conversation in a browser that is signed in, and the hosts that the browser asked."""
    hosts: list[str] = []
    context = browser.new_context(**options)  # type: ignore[arg-type]
    context.on("request", lambda request: hosts.append(request.url.split("/")[2]))
    with closing(house.signed_in()) as client:
        context.add_cookies([{"name": c.name, "value": c.value or "", "url": house.url} for c in client.cookies.jar])
    page = context.new_page()
    page.goto(house.url + "/conversations/1", wait_until="networkidle")
    try:
        yield page, hosts
    finally:
        context.close()


def frame(page: Page, number: int) -> FrameLocator:
    return page.frame_locator(f'iframe[name="mail-{number}"]')


def widths(page: Page, number: int) -> list[int]:
    """Of the images in a mail's frame, as far as the browser could draw them."""
    return list(page.frame(name=f"mail-{number}").evaluate(WIDTH))  # type: ignore[union-attr]


def press(page: Page, number: int) -> None:
    page.locator(f"#message-{number}").get_by_role("button", name="Show images").press("Enter")


def test_no_other_host_is_asked_before_the_click_and_after_it_only_for_that_message(
    browser: Browser, house: Makegood, host: Host
) -> None:
    with opened(browser, house) as (page, hosts):
        expect(frame(page, 1).get_by_text("Letter 1 of spring")).to_be_visible()
        expect(frame(page, 2).get_by_text("Letter 2 of spring")).to_be_visible()
        assert (host.asked, widths(page, 1), widths(page, 2)) == ([], [0], [0, 0])

        press(page, 1)
        expect(page.locator("#message-1").get_by_role("button", name="Show images")).to_be_hidden()
        page.wait_for_load_state("networkidle")

        assert (host.asked, widths(page, 1), widths(page, 2)) == (["/first.png"], [300], [0, 0])
        assert page.evaluate("document.activeElement.name") == "mail-1"
        expect(page.locator("#message-2").get_by_role("button", name="Show images")).to_be_visible()
        assert page.url == house.url + "/conversations/1"
        assert set(hosts) == {f"127.0.0.1:{house.port}"}

        page.reload(wait_until="networkidle")
        assert (host.asked, widths(page, 1)) == (["/first.png"], [0])
        expect(page.locator("#message-1").get_by_role("button", name="Show images")).to_be_visible()
        assert set(hosts) == {f"127.0.0.1:{house.port}"}


def test_the_mail_has_room_before_the_last_of_its_images_has_come(
    browser: Browser, house: Makegood, host: Host
) -> None:
    with opened(browser, house) as (page, _hosts):
        host.slow = 4.0
        press(page, 1)
        expect(page.locator("#message-1").get_by_role("button", name="Show images")).to_be_hidden(timeout=3_000)
        before = page.locator("#message-1 iframe").bounding_box()
        assert widths(page, 1) == [0]
        host.slow = 0.0
        expect(frame(page, 1).get_by_role("img")).to_have_js_property("naturalWidth", 300, timeout=10_000)
        page.wait_for_timeout(200)
        after = page.locator("#message-1 iframe").bounding_box()

    assert before and after and after["height"] > before["height"] + 80


def test_of_a_mail_that_is_folded_up_they_are_offered_beside_what_is_new(
    browser: Browser, house: Makegood, host: Host
) -> None:
    with opened(browser, house) as (page, _hosts):
        message = page.locator("#message-3")
        expect(message.get_by_text("Thank you for that.")).to_be_visible()
        expect(message.get_by_text("Its images were left out")).to_be_visible()
        expect(message.locator("iframe")).to_be_hidden()

        press(page, 3)
        expect(frame(page, 3).get_by_role("img")).to_have_js_property("naturalWidth", 300)
        expect(message.get_by_role("button", name="Show images")).to_be_hidden()

    assert host.asked == ["/first.png"]


def test_it_works_without_scripts(browser: Browser, house: Makegood, host: Host) -> None:
    with opened(browser, house, java_script_enabled=False) as (page, hosts):
        press(page, 2)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)

        assert sorted(host.asked) == ["/dot.gif", "/second.png"]
        assert page.url == house.url + "/conversations/1"
        assert set(hosts) == {f"127.0.0.1:{house.port}"}


def test_without_scripts_they_are_there_when_the_whole_mail_is_unfolded(
    browser: Browser, house: Makegood, host: Host
) -> None:
    with opened(browser, house, java_script_enabled=False) as (page, _hosts):
        press(page, 3)
        page.wait_for_load_state("networkidle")
        page.locator("#message-3").get_by_text("The whole mail").click()
        page.wait_for_timeout(500)

        shown = page.frame(name="mail-3")
        assert shown and urlsplit(shown.url).path == "/remote-images/3"
    assert host.asked == ["/first.png"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_it_fits_every_screen_and_everybody(browser: Browser, house: Makegood, width: int, theme: str) -> None:
    with opened(browser, house, viewport={"width": width, "height": 900}, color_scheme=theme) as (page, _hosts):
        for moment in ("before", "after"):
            if moment == "after":
                press(page, 1)
                expect(page.locator("#message-1").get_by_role("button", name="Show images")).to_be_hidden()
                expect(frame(page, 1).get_by_role("img")).to_have_js_property("naturalWidth", 300)
            assert page.frame(name="mail-1").evaluate("document.documentElement.scrollHeight <= innerHeight")  # type: ignore[union-attr]
            if shots := os.environ.get("MAKEGOOD_SHOTS"):
                page.locator("#message-1").scroll_into_view_if_needed()
                page.screenshot(path=f"{shots}/images-{moment}-{width}-{theme}.png")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
            assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in violations] == []


def test_a_host_that_keeps_us_waiting_holds_up_neither_pages_nor_mail(house: Makegood, host: Host) -> None:
    host.slow = 9.0
    news(house, 4, *(host.url(f"/slow{number}.png") for number in range(8)), answers=1)
    eventually(lambda: len(stored(house)) == 4)
    with closing(house.signed_in()) as client, ThreadPoolExecutor(8) as at_once:
        eventually(lambda: "/remote-images/4" in client.get("/conversations/1").text)
        asked = [at_once.submit(client.get, address) for address in clicked(client, house, 4)]
        eventually(lambda: len(host.asked) == 2)

        started = time.monotonic()
        assert client.get("/conversations").status_code == 200
        hand_in(house, 9)
        eventually(lambda: "Letter 9" in client.get("/conversations").text, 8)
        took = time.monotonic() - started

        assert not any(one.done() for one in asked)
        assert took < 8
        host.slow = 0.0
        assert {one.result().status_code for one in asked} == {200}
    assert len(host.asked) == 8


def test_a_click_on_many_slow_hosts_holds_up_no_other_persons_click(house: Makegood, host: Host) -> None:
    host.answers |= {f"/slow{number}.png": drawing() for number in range(12)}
    news(house, 5, *(host.url(f"/slow{number}.png") for number in range(12)))
    eventually(lambda: "<news5@moonstone.example>" in stored(house))
    messages = "from makegood.conversations.models import Message; print(Message.objects"
    number = int(house.python(f"{messages}.get(message_id='<news5@moonstone.example>').pk)"))
    with closing(house.signed_in()) as one, closing(house.signed_in()) as other, ThreadPoolExecutor(12) as at_once:
        theirs, ours = clicked(one, house, number), clicked(other, house, 1)
        host.slow = 6.0
        waiting = [at_once.submit(one.get, address) for address in theirs]
        eventually(lambda: len(host.asked) > 1)
        time.sleep(0.5)  # as many as may
        host.slow = 0.0

        started = time.monotonic()
        assert other.get(ours[0]).headers["Content-Type"] == "image/png"
        assert time.monotonic() - started < 4
        assert [one for one in waiting if one.done()] == []

        assert {one.result().headers["Content-Type"] for one in waiting} == {"image/png"}


def clicked(client: Client, house: Makegood, number: int) -> list[str]:
    """The addresses of a mail's images, after the click."""
    page = client.post(f"/remote-images/{number}", data=token_of(client), headers={"Origin": house.url}).text
    return [one.replace("&amp;", "&") for one in re.findall(r'src="(/remote-images/[^"]+)"', page)]
