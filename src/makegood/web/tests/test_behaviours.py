import json
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, Route, expect

from makegood.web.assets import address_of
from makegood.web.building.__main__ import build
from makegood.web.tests.browsing import ORIGIN, chromium, page_of

pytestmark = pytest.mark.browser


def until(page: Page, script: str) -> None:
    """Wait for something in the page; `wait_for_function` needs eval there, which our policy refuses."""
    for _ in range(200):
        if page.evaluate(script):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"it did not happen in time: {script}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    build()
    with chromium() as browser:
        yield browser


def _page(body: str) -> str:
    script, style = address_of("makegood.js"), address_of("makegood.css")
    return (
        f'<!doctype html><html lang="en"><head><title>Trial</title><link rel="stylesheet" href="{style}">'
        f'<script type="module" src="{script}"></script></head><body>{body}</body></html>'
    )


class _Received:
    """An address that remembers the forms posted to it."""

    def __init__(self, status: int = 204, body: str = "") -> None:
        self.forms: list[dict[str, list[str]]] = []
        self._status, self._body = status, body

    def __call__(self, route: Route) -> None:
        self.forms.append(parse_qs(route.request.post_data or "", keep_blank_values=True))
        route.fulfill(status=self._status, body=self._body, headers={"content-type": "text/html"})


def _stream(*events: tuple[int, dict[str, object]]) -> Callable[[Route], None]:
    """An event stream that says these things and then stays silent for a minute."""
    lines = [f"id: {number}\ndata: {json.dumps(data)}\n\n" for number, data in events]

    def answer(route: Route) -> None:
        headers = {"content-type": "text/event-stream"}
        route.fulfill(status=200, body="retry: 60000\n\n" + "".join(lines), headers=headers)

    return answer


def test_a_theme_is_shown_at_once_and_kept_in_a_cookie(browser: Browser) -> None:
    html = _page('<mg-theme><label><input type="radio" name="theme" value="dark">Dark</label></mg-theme>')
    with page_of(browser, html) as page:
        page.get_by_label("Dark").check()

        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert page.evaluate("document.cookie") == "theme=dark"


def test_recipients_that_are_new_are_marked_while_they_are_typed(browser: Browser) -> None:
    html = _page(
        '<form><input name="to" aria-label="To" value="&quot;x@y.example&quot; &lt;Odile@fenwick.example&gt;">'
        '<input name="cc" aria-label="Cc"><mg-recipients data-known="odile@fenwick.example">'
        "<template><span><span data-address></span> <b>new</b></span></template></mg-recipients></form>"
    )
    with page_of(browser, html) as page:
        marks = page.locator("mg-recipients")
        expect(marks).to_have_text("")
        page.get_by_label("Cc").fill("kofi@larkspur.example, odile@fenwick.example")
        expect(marks).to_have_text("kofi@larkspur.example new")
        page.get_by_label("Cc").fill("")
        expect(marks).to_have_text("")


def test_an_event_refreshes_only_its_conversation(browser: Browser) -> None:
    html = _page(
        '<div id="a" data-live="conversation:7" hx-get="/a" hx-trigger="mg:refresh">old</div>'
        '<div id="b" data-live="conversation:8" hx-get="/b" hx-trigger="mg:refresh">old</div>'
        '<mg-live data-stream="/stream" data-since="3"></mg-live>'
    )
    answers = {
        "/stream": _stream((4, {"name": "message.received", "conversation": 7})),
        "/a": _Received(200, "new"),
        "/b": _Received(200, "new"),
    }
    with page_of(browser, html, answers=answers) as page:
        expect(page.locator("#a")).to_have_text("new")
        expect(page.locator("#b")).to_have_text("old")


def test_an_event_is_told_to_the_page_once(browser: Browser) -> None:
    html = _page('<mg-live data-stream="/stream"></mg-live>')
    event = (4, {"name": "promise.kept", "conversation": 7})
    init = "window.heard = []; document.addEventListener('mg:event', (event) => window.heard.push(event.detail));"
    with page_of(browser, html, answers={"/stream": _stream(event, event)}, init=init) as page:
        until(page, "window.heard.length > 0")

        assert page.evaluate("window.heard") == [{"id": 4, "name": "promise.kept", "conversation": 7}]


def test_tabs_share_one_stream(browser: Browser) -> None:
    opened: list[str] = []
    stream = _stream((4, {"name": "message.received", "conversation": 7}))

    def counted(route: Route) -> None:
        opened.append(route.request.url)
        stream(route)

    html = _page('<mg-live data-stream="/stream" data-since="3"></mg-live>')
    init = "window.heard = []; document.addEventListener('mg:event', (event) => window.heard.push(event.detail.id));"
    with page_of(browser, html, answers={"/stream": counted}, init=init) as first:
        until(first, "window.heard.length > 0")
        second = first.context.new_page()
        second.add_init_script(init)
        second.goto(first.url)
        until(second, "window.heard.length > 0")

        assert [page.evaluate("window.heard") for page in (first, second)] == [[4], [4]]
    assert opened == ["https://desk.example/stream?last_event_id=3"]


def test_a_stream_that_is_gone_says_so_after_ten_seconds(browser: Browser) -> None:
    html = _page('<mg-live data-stream="/stream"><p data-offline hidden>Offline</p></mg-live>')
    with page_of(browser, html, answers={"/stream": lambda route: route.abort()}) as page:
        page.wait_for_timeout(500)
        expect(page.get_by_text("Offline")).to_be_hidden()
        expect(page.get_by_text("Offline")).to_be_visible(timeout=12_000)


_LIST = (
    '<mg-news><button data-news data-key="." hidden><span data-count></span> new</button>'
    '<div id="list" data-live="list" hx-get="/list" hx-trigger="mg:refresh"><a href="/1">old</a></div></mg-news>'
    '<mg-live data-stream="/stream" data-since="3"></mg-live>'
)


def _happens(page: Page, *names: str) -> None:
    """All at once, as the stream tells what one letter brings."""
    page.evaluate(
        "names => names.forEach((name) => document.querySelector('mg-live').take({ id: 0, name, conversation: 7 }))",
        list(names),
    )


def test_a_list_does_not_move_under_the_pointer(browser: Browser) -> None:
    answers = {"/list": _Received(200, "new"), "/stream": _stream()}
    with page_of(browser, _page(_LIST), answers=answers) as page:
        page.locator("#list").hover()
        _happens(page, "conversation.opened", "message.received", "due_time.changed")
        expect(page.get_by_role("button", name="1 new")).to_be_visible()
        _happens(page, "due_time.changed")
        _happens(page, "message.received")
        expect(page.get_by_role("button", name="2 new")).to_be_visible()
        expect(page.locator("#list")).to_have_text("old")

        page.get_by_role("button", name="2 new").click()
        expect(page.locator("#list")).to_have_text("new")


def test_what_is_no_letter_waits_as_well_and_is_called_nothing_new(browser: Browser) -> None:
    answers = {"/list": _Received(200, "new"), "/stream": _stream()}
    with page_of(browser, _page(_LIST), answers=answers) as page:
        page.locator("#list").hover()
        _happens(page, "conversation.tagged")
        page.wait_for_timeout(600)
        expect(page.locator("[data-news]")).to_be_hidden()
        expect(page.locator("#list")).to_have_text("old")
        expect(page.locator("#list")).to_have_text("new", timeout=8_000)  # after five quiet seconds


_KEYS = (
    '<mg-keys {off}><dialog id="keys">Keyboard</dialog></mg-keys>'
    '<button data-key="e">Close</button><button data-key="g t">Today</button><button data-key="t">Tag</button>'
    '<input aria-label="Words"><div data-rows><a class="item" href="#1">One</a><a class="item" href="#2">Two</a></div>'
)
_CLICKS = """
window.clicks = [];
document.addEventListener("click", (event) => window.clicks.push(event.target.textContent));
"""


def _keys(off: str = "") -> str:
    return _page(_KEYS.format(off=off))


def test_single_keys_press_their_controls_and_pairs_win(browser: Browser) -> None:
    with page_of(browser, _keys(), init=_CLICKS) as page:
        for key in ("e", "g", "t", "t"):
            page.keyboard.press(key)

        assert page.evaluate("window.clicks") == ["Close", "Today", "Tag"]


def test_keys_are_silent_in_text_fields_and_with_modifiers(browser: Browser) -> None:
    with page_of(browser, _keys(), init=_CLICKS) as page:
        page.get_by_label("Words").press("e")
        page.locator("body").click(position={"x": 600, "y": 600})
        page.keyboard.press("Alt+e")
        page.keyboard.press("Control+e")

        assert page.get_by_label("Words").input_value() == "e"
        assert "Close" not in page.evaluate("window.clicks")


def test_keys_wait_while_an_input_method_composes(browser: Browser) -> None:
    with page_of(browser, _keys(), init=_CLICKS) as page:
        page.evaluate(
            "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'e', isComposing: true, bubbles: true }))"
        )

        assert page.evaluate("window.clicks") == []


def test_keys_can_be_switched_off(browser: Browser) -> None:
    with page_of(browser, _keys("data-off"), init=_CLICKS) as page:
        page.keyboard.press("e")
        page.keyboard.press("?")

        assert page.evaluate("window.clicks") == []
        expect(page.locator("#keys")).to_be_hidden()


def test_the_question_mark_shows_the_keys(browser: Browser) -> None:
    with page_of(browser, _keys()) as page:
        page.keyboard.press("?")

        expect(page.locator("#keys")).to_be_visible()


def test_j_and_k_walk_through_the_rows(browser: Browser) -> None:
    with page_of(browser, _keys()) as page:
        for key in ("j", "j", "j", "k"):
            page.keyboard.press(key)

        assert page.evaluate("document.activeElement.textContent") == "One"


_COMPOSER = (
    '<mg-keys></mg-keys><form class="composer" method="post" action="/send" hx-post="/send" hx-swap="none">'
    '<label data-key="r"><input class="vh" type="radio" name="mode" value="reply" checked>Reply</label>'
    '<label data-key="n"><input class="vh" type="radio" name="mode" value="note">Note</label>'
    '<textarea name="text" aria-label="Words"></textarea>'
    '<button class="as-reply" name="does" value="send" data-key="mod+enter">Send</button>'
    '<button class="as-note" name="does" value="note" data-key="mod+enter">Add note</button>'
    '<div class="menu" popover><button name="does" value="close" data-key="mod+shift+enter">And close</button></div>'
    "</form>"
)


@pytest.mark.parametrize(
    ("mode", "keys", "does"),
    [("r", "Control+Enter", "send"), ("n", "Control+Enter", "note"), ("r", "Control+Shift+Enter", "close")],
)
def test_a_reply_and_a_note_are_written_and_sent_by_keys(browser: Browser, mode: str, keys: str, does: str) -> None:
    sent = _Received()
    with page_of(browser, _page(_COMPOSER), answers={"/send": sent}) as page:
        page.keyboard.press(mode)
        page.keyboard.type("Yes")
        with page.expect_response("**/send"):
            page.keyboard.press(keys)

    assert [(form["text"], form["does"]) for form in sent.forms] == [(["Yes"], [does])]


_DRAFT = (
    '<mg-draft data-draft-url="/draft"><form method="post" action="/send" hx-post="/send" hx-swap="none">'
    '<input type="hidden" name="key" value="{key}">'
    '<input type="hidden" name="csrfmiddlewaretoken" value="token"><textarea name="text" aria-label="Words"></textarea>'
    '<label><input type="radio" name="mode" value="reply" checked>Reply</label>'
    '<label><input type="radio" name="mode" value="note">Note</label>'
    '<span data-saved="Saved %s"></span><button>Send</button></form></mg-draft>'
)


def test_a_draft_reaches_the_server_within_two_seconds(browser: Browser) -> None:
    drafts = _Received()
    with page_of(browser, _page(_DRAFT.format(key="k1")), answers={"/draft": drafts}) as page:
        page.get_by_label("Words").fill("Good news")
        expect(page.get_by_text("Saved")).to_be_visible(timeout=2000)

    assert drafts.forms == [{"key": ["k1"], "text": ["Good news"], "mode": ["reply"]}]


def test_a_draft_comes_back_after_a_crash(browser: Browser) -> None:
    with page_of(browser, _page(_DRAFT.format(key="k1")), answers={"/draft": lambda route: route.abort()}) as page:
        page.get_by_label("Words").fill("Good news")
        page.get_by_label("Note").check()
        page.reload()

        expect(page.get_by_label("Words")).to_have_value("Good news")
        assert page.get_by_label("Note").is_checked()


def test_a_draft_that_was_sent_does_not_come_back(browser: Browser) -> None:
    stale = json.dumps({"key": "sent", "fields": [["text", "Old words"]]})
    init = f"localStorage.setItem('draft:/draft', {json.dumps(stale)});"
    with page_of(browser, _page(_DRAFT.format(key="k2")), init=init) as page:
        expect(page.get_by_label("Words")).to_have_value("")
        assert page.evaluate("localStorage.length") == 0


def test_after_a_send_the_next_draft_begins_in_the_same_mode(browser: Browser) -> None:
    def sent(route: Route) -> None:
        route.fulfill(status=204, headers={"HX-Trigger": json.dumps({"mg:sent": {"key": "k2"}})})

    html = _page(_DRAFT.format(key="k1"))
    with page_of(browser, html, answers={"/send": sent, "/draft": _Received()}) as page:
        page.get_by_label("Note").check()
        page.get_by_label("Words").fill("Good news")
        page.get_by_role("button", name="Send").click()

        expect(page.get_by_label("Words")).to_have_value("")
        assert page.get_by_label("Note").is_checked()
        assert page.locator("[name=key]").input_value() == "k2"
        assert page.evaluate("localStorage.length") == 0


def test_signing_out_forgets_the_drafts(browser: Browser) -> None:
    html = _page('<form method="post" action="/out" data-forget target="gone"><button>Sign out</button></form>')
    with page_of(browser, html, init="localStorage.setItem('draft:/x', '{}');", answers={"/out": _Received()}) as page:
        page.get_by_role("button").click()

        assert page.evaluate("localStorage.length") == 0


def test_an_undo_counts_down_and_leaves(browser: Browser) -> None:
    html = _page('<mg-undo data-seconds="2"><p>Sent in <span data-left></span></p></mg-undo>')
    with page_of(browser, html) as page:
        expect(page.get_by_text("Sent in 2s")).to_be_visible()
        expect(page.locator("mg-undo")).to_have_count(0, timeout=4000)


def test_a_mail_s_frame_is_as_high_as_its_mail(browser: Browser) -> None:
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; "
        "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    )

    def mail(route: Route) -> None:
        body = '<!doctype html><body style="margin:10px"><div style="height:700px">Hello</div></body>'
        route.fulfill(status=200, body=body, headers={"content-type": "text/html", "content-security-policy": policy})

    sandbox = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    html = _page(f'<mg-frame><iframe class="mail" title="Mail" src="/mail" sandbox="{sandbox}"></iframe></mg-frame>')
    with page_of(browser, html, answers={"/mail": mail}) as page:
        until(page, "document.querySelector('iframe').offsetHeight === 720")


def test_every_write_of_a_page_carries_the_token(browser: Browser) -> None:
    tokens: list[str | None] = []

    def save(route: Route) -> None:
        tokens.append(route.request.headers.get("x-csrftoken"))
        route.fulfill(status=204)

    html = render_to_string("web/app.html", {"csrf_token": "secret"})
    with page_of(browser, html, answers={"/save": save}) as page:
        page.evaluate("htmx.ajax('POST', '/save', '#main')")

    assert tokens == ["secret"]


def test_what_a_mail_carries_of_htmx_does_nothing(browser: Browser) -> None:
    hit = _Received(200, "hit")
    html = _page(
        '<div hx-ignore><p id="mail" hx-get="/hit" hx-trigger="load, click" data-hx-get="/hit">Hello</p></div>'
    )
    with page_of(browser, html, answers={"/hit": hit}) as page:
        page.locator("#mail").click()
        page.wait_for_timeout(300)

    assert hit.forms == []


def test_a_refused_write_says_that_nothing_is_lost(browser: Browser) -> None:
    html = _page(
        '<form hx-post="/save" hx-target="this"><input name="a" aria-label="Words" value="mine"><button>Save</button>'
        "</form>"
        "<mg-trouble><p data-refused hidden>That was not saved.</p></mg-trouble>"
        '<meta name="htmx-config" content=\'{"noSwap": [204, 304, 401, 403, 404, "5xx"]}\'>'
    )
    with page_of(browser, html, answers={"/save": _Received(500, "a server's page")}) as page:
        page.get_by_role("button").click()

        expect(page.get_by_text("That was not saved.")).to_be_visible()
        expect(page.get_by_label("Words")).to_have_value("mine")


def test_a_form_with_errors_has_its_first_bad_field_focused(browser: Browser) -> None:
    answer = _Received(422, '<input aria-label="Port" aria-invalid="true">')
    html = _page('<form hx-post="/save" hx-target="this"><button>Save</button></form>')
    with page_of(browser, html, answers={"/save": answer}) as page:
        page.get_by_role("button").click()

        expect(page.get_by_label("Port")).to_be_focused()


def test_a_menu_walks_with_the_arrows(browser: Browser) -> None:
    html = _page(
        '<button popovertarget="m">More</button>'
        '<div class="pop menu" id="m" popover><a href="#1">One</a><a href="#2">Two</a></div>'
    )
    with page_of(browser, html) as page:
        page.get_by_role("button").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="One")).to_be_focused()
        page.keyboard.press("ArrowDown")

        expect(page.get_by_role("link", name="Two")).to_be_focused()


def test_a_menu_that_a_key_opens_takes_what_is_typed_next(browser: Browser) -> None:
    html = _page(
        '<mg-keys></mg-keys><button popovertarget="tag" data-key="t">Tag</button><button data-key="e">Close</button>'
        '<div class="pop menu" id="tag" popover><form><input type="hidden"><input aria-label="Tag"></form></div>'
    )
    with page_of(browser, html) as page:
        page.keyboard.press("t")
        page.keyboard.type("returns")

        expect(page.get_by_role("textbox", name="Tag")).to_have_value("returns")
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Tag")).to_be_focused()


def test_back_in_the_list_next_goes_on_behind_what_was_read_last(browser: Browser) -> None:
    rows = [f'<a class="item" id="row-{number}" href="#">{number}</a>' for number in (1, 2, 3)]
    the_list = _page(f"<mg-keys></mg-keys><nav data-rows>{''.join(rows)}</nav>")
    opened = the_list.replace('id="row-2"', 'id="row-2" aria-current="true"')
    answers = {"/list": lambda route: route.fulfill(body=the_list, content_type="text/html; charset=utf-8")}
    with page_of(browser, opened, answers=answers) as page:
        page.goto(f"{ORIGIN}/list")
        page.keyboard.press("j")

        assert page.evaluate("document.activeElement.id") == "row-3"


def test_the_keys_are_shown_to_those_who_have_switched_them_off(browser: Browser) -> None:
    html = _page(
        '<mg-keys data-off><dialog aria-label="Keys"></dialog></mg-keys><button data-help>Show all keys</button>'
    )
    with page_of(browser, html) as page:
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_hidden()
        page.get_by_role("button").click()

        expect(page.get_by_role("dialog")).to_be_visible()


def test_a_due_time_ticks_in_our_words(browser: Browser) -> None:
    html = _page(
        '<time data-tick="due" id="t" datetime="2026-11-19T13:45:00Z">at noon</time>'
        '<time data-tick="due" id="l" datetime="2026-11-19T11:08:00Z">at noon</time>'
        '<mg-ticker data-in="in %s" data-late="%s late" data-past="%s ago" data-now="now" data-minutes="%s min" '
        'data-hours="%s h"></mg-ticker>'
    )
    init = "Date.now = () => Date.parse('2026-11-19T12:00:00Z');"
    with page_of(browser, html, init=init) as page:
        expect(page.locator("#t")).to_have_text("in 1¾ h")
        expect(page.locator("#l")).to_have_text("52 min late")


_HIDDEN = "Object.defineProperty(document, 'hidden', { get: () => window.away ?? false })"


def test_the_rail_s_numbers_are_fetched_once_for_a_burst_and_not_while_the_tab_is_hidden(browser: Browser) -> None:
    fetched: list[str] = []
    counts = '<mg-counts data-live="list" hx-get="/rail" hx-trigger="mg:refresh" hx-swap="outerMorph">%d</mg-counts>'

    def rail(route: Route) -> None:
        fetched.append(route.request.method)
        route.fulfill(status=200, body=counts % len(fetched), headers={"content-type": "text/html"})

    html = _page('<mg-live data-stream="/stream"></mg-live>' + counts % 0)
    burst = "for (const n of [1, 2, 3]) document.querySelector('mg-live').take({ id: n + %d, name: 'note.written' })"
    answers = {"/stream": _stream(), "/rail": rail}
    with page_of(browser, html, answers=answers, init=_HIDDEN) as page:
        for number in (0, 10, 20):
            page.evaluate(burst % number)
            page.wait_for_timeout(200)
        expect(page.locator("mg-counts")).to_have_text("1")
        page.wait_for_timeout(1800)
        assert fetched == ["GET"]

        page.evaluate("window.away = true")
        page.evaluate(burst % 30)
        page.wait_for_timeout(2000)
        assert fetched == ["GET"]

        page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.locator("mg-counts")).to_have_text("2")
        assert fetched == ["GET", "GET"]


@pytest.mark.parametrize(("failure", "said"), [("SecurityError", "A name is needed"), ("AbortError", "Try again")])
def test_a_passkey_that_could_not_be_used_says_why(browser: Browser, failure: str, said: str) -> None:
    html = _page(
        '<div data-passkey-failed role="alert"><p class="alert" data-when="SecurityError" hidden>A name is needed</p>'
        '<p class="alert" data-when="" hidden>Try again</p></div>'
    )
    fail = """name => document.dispatchEvent(new CustomEvent("allauth.error", {
        detail: { exception: new DOMException("x", name) }, cancelable: true }))"""
    with page_of(browser, html) as page:
        expect(page.get_by_role("alert")).to_have_text("", use_inner_text=True)
        page.evaluate(fail, failure)

        expect(page.get_by_role("alert")).to_have_text(said, use_inner_text=True)


def test_a_link_that_is_shown_once_is_copied_whole(browser: Browser) -> None:
    html = _page(
        '<mg-copy><input value="https://help.shop.example/invitations/x" readonly autofocus aria-label="Link">'
        '<button data-done="Copied." hidden>Copy</button><span role="status"></span></mg-copy>'
    )
    with page_of(browser, html, permissions=["clipboard-read", "clipboard-write"]) as page:
        assert page.evaluate("getSelection().toString()") == "https://help.shop.example/invitations/x"
        page.get_by_role("button", name="Copy").click()

        expect(page.get_by_role("status")).to_have_text("Copied.")
        assert page.evaluate("navigator.clipboard.readText()") == "https://help.shop.example/invitations/x"
