"""What a page says by itself about whoever has it open, and what it asks for when it hears of others."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from makegood.web.building.__main__ import build
from makegood.web.tests.browsing import chromium, page_of
from makegood.web.tests.test_behaviours import _HIDDEN, _page, _Received, _stream, until

pytestmark = pytest.mark.browser
# A hundred times as fast, and a clock that can be put forward.
QUICK = f"""
const every = window.setInterval;
window.setInterval = (work, ms) => every(work, (window.pause = ms) / 100);
const time = performance.now.bind(performance);
performance.now = () => time() + (window.skipped ?? 0);
{_HIDDEN}
"""
BODY = (
    '<mg-live data-stream="/stream"></mg-live><main><div class="thread"></div>'
    '<input type="hidden" name="noted" value="0">'
    '<mg-together data-beat="/beat" data-leave="/leave" data-live="presence:7 conversation:7" hx-get="/strip"'
    ' hx-trigger="mg:refresh" hx-swap="innerMorph"></mg-together>'
    '<form class="composer"><input type="hidden" name="csrfmiddlewaretoken" value="token">'
    '<input type="radio" name="mode" value="reply" checked><input type="radio" name="mode" value="note">'
    '<input type="hidden" name="seen" value="4"><textarea name="text"></textarea></form></main>'
    '<div id="timeline" data-live="conversation:7" hx-get="/timeline" hx-trigger="mg:refresh"></div>'
    '<div class="list"><div data-live="list" hx-get="/list" hx-trigger="mg:refresh">'
    '<span class="ring" id="ring-7"></span><span class="ring" id="ring-8"></span></div></div>'
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    build()
    with chromium() as browser:
        yield browser


class Asked:
    """An address that remembers what was asked of it."""

    def __init__(self, body: str = "") -> None:
        self.urls: list[str] = []
        self.body = body

    def __call__(self, route: Route) -> None:
        self.urls.append(route.request.url.rpartition("/")[2])
        route.fulfill(status=200, body=self.body, headers={"content-type": "text/html"})


@pytest.fixture
def addresses() -> dict[str, Any]:
    return {
        "/stream": _stream(), "/beat": _Received(), "/leave": _Received(), "/strip": Asked(), "/timeline": Asked(),
        "/list": Asked(), "/presence": Asked(),
    }  # fmt: skip


def said(addresses: dict[str, Any]) -> list[str]:
    """What the last beats told, without repeating."""
    told = [form["doing"][0] for form in addresses["/beat"].forms]
    return [word for before, word in zip(["", *told], told, strict=False) if word != before]


def hear(page: Page, name: str, conversation: int) -> None:
    page.evaluate(
        "([name, conversation]) => document.querySelector('mg-live').take({ id: 0, name, conversation })",
        [name, conversation],
    )


def test_a_page_says_what_is_done_at_once_when_that_changes_and_else_every_fifteen_seconds(
    browser: Browser, addresses: dict[str, Any]
) -> None:
    with page_of(browser, _page(BODY), answers=addresses, init=QUICK) as page:
        page.wait_for_timeout(500)
        assert (page.evaluate("window.pause"), len(addresses["/beat"].forms) > 2) == (15_000, True)
        page.locator("textarea").press_sequentially("No")
        page.wait_for_timeout(300)
        assert said(addresses) == ["looking"]

        page.locator("textarea").press_sequentially("w")
        page.locator("[value=note]").check()
        page.wait_for_timeout(100)
        page.evaluate("window.skipped = 121_000")
        page.wait_for_timeout(300)

        assert said(addresses) == ["looking", "reply", "note", "looking"]
        pages = {form["page"][0] for form in addresses["/beat"].forms}
        assert len(pages) == 1
        assert 8 <= len(pages.pop()) <= 16


def test_a_page_that_nobody_sees_says_nothing(browser: Browser, addresses: dict[str, Any]) -> None:
    with page_of(browser, _page(BODY), answers=addresses, init=f"window.away = true;{QUICK}") as page:
        page.wait_for_timeout(500)
        assert addresses["/beat"].forms == []

        page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
        page.wait_for_timeout(50)
        assert said(addresses) == ["looking"]


def test_a_beat_asks_for_the_strip_anew_only_while_somebody_is_shown(
    browser: Browser, addresses: dict[str, Any]
) -> None:
    with page_of(browser, _page(BODY), answers=addresses, init=QUICK) as page:
        page.wait_for_timeout(400)
        assert addresses["/strip"].urls == []

        addresses["/strip"].body = '<span class="looker">Jonas is looking</span>'
        hear(page, "presence", 7)
        page.wait_for_timeout(800)
        assert len(addresses["/strip"].urls) >= 3

        addresses["/strip"].body = ""
        page.wait_for_timeout(400)
        asked = len(addresses["/strip"].urls)
        page.wait_for_timeout(400)
        assert len(addresses["/strip"].urls) == asked


def test_a_burst_of_who_is_there_is_one_fetch_of_the_rings_shown_and_neither_list_nor_timeline(
    browser: Browser, addresses: dict[str, Any]
) -> None:
    addresses["/presence"].body = '<span class="ring" id="ring-8" hx-swap-oob="true"><b>Jonas</b></span>'
    with page_of(browser, _page(BODY), answers=addresses) as page:
        for conversation in (8, 99, 8, 7, 100):
            hear(page, "presence", conversation)
        page.wait_for_timeout(2600)

        assert addresses["/presence"].urls == ["presence?rows=8,7"]
        assert page.locator("#ring-8").inner_text() == "Jonas"
        assert (addresses["/list"].urls, addresses["/timeline"].urls) == ([], [])
        assert addresses["/strip"].urls == ["strip"]


def test_after_the_stream_was_gone_all_that_is_shown_is_asked_for(browser: Browser, addresses: dict[str, Any]) -> None:
    with page_of(browser, _page(BODY), answers=addresses) as page:
        until(page, "document.querySelector('mg-live').source !== undefined")  # it waits for its lock
        page.evaluate("const live = document.querySelector('mg-live'); live.lose(); live.setDown(false)")
        page.wait_for_timeout(2600)

        assert addresses["/presence"].urls == ["presence?rows=7,8"]
        assert addresses["/strip"].urls == ["strip"]


def test_what_was_shown_counts_as_seen_and_what_came_over_a_draft_does_not(
    browser: Browser, addresses: dict[str, Any]
) -> None:
    link = '<a href="#message-{0}" data-seen="{0}" data-noted="3">Show</a>'
    news = f'<div class="alert">{link}</div><a class="below" hidden></a>'
    seen = "document.querySelector('[name=seen]').value"
    with page_of(browser, _page(BODY), answers=addresses) as page:
        addresses["/strip"].body = news.format(5)
        hear(page, "presence", 7)
        page.wait_for_timeout(500)
        assert page.evaluate(seen) == "5"  # nothing was written yet, and the end of the thread is in sight

        page.locator("textarea").fill("A new pole")
        addresses["/strip"].body = news.format(6)
        hear(page, "presence", 7)
        page.wait_for_timeout(500)
        assert (page.evaluate(seen), page.evaluate("document.activeElement.name")) == ("5", "text")

        page.get_by_text("Show").click()
        assert (page.evaluate(seen), page.locator(".alert").count()) == ("6", 0)


@pytest.mark.parametrize("holds", [True, False], ids=["by itself", "as Safari"])
def test_what_is_read_stays_where_it_is_when_something_comes_below_it(
    holds: bool, browser: Browser, addresses: dict[str, Any]
) -> None:
    lines = "<p>Words.</p>" * 60
    thread = f'<div class="flow" data-live="conversation:7" hx-get="/timeline" hx-trigger="mg:refresh">{lines}</div>'
    html = _page(BODY).replace('<div class="thread"></div>', f'<div class="thread">{thread}</div>')
    addresses["/timeline"].body = lines + "<p>More.</p>" * 5
    top = "document.querySelector('.thread p:nth-child(20)').getBoundingClientRect().top"
    with page_of(browser, html, answers=addresses, init="" if holds else "CSS.supports = () => false") as page:
        page.evaluate(
            "holds => { const { style } = document.querySelector('.thread');"
            " style.blockSize = '200px'; style.overflowAnchor = holds ? 'auto' : 'none' }",
            holds,
        )
        page.evaluate("document.querySelector('.thread').scrollTo(0, -700)")
        page.wait_for_timeout(100)
        before = page.evaluate(top)

        hear(page, "message.received", 7)
        page.get_by_text("More.").first.wait_for(state="attached")
        page.wait_for_timeout(200)

        assert abs(page.evaluate(top) - before) < 2
