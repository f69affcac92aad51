"""Headless Chromium on pages that no server serves: every request is answered here, and listed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from mimetypes import guess_type
from shutil import which
from typing import Any

from playwright.sync_api import Browser, Page, Route, sync_playwright

from makegood.web.assets import BUILT

ORIGIN = "https://desk.example"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_SWITCHES = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

Answers = dict[str, Callable[[Route], None]]


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=_SWITCHES)
        yield browser
        browser.close()


@contextmanager
def page_of(
    browser: Browser,
    html: str,
    *,
    width: int = 1440,
    height: int = 900,
    answers: Answers | None = None,
    init: str = "",
    anchor: str = "",
    **options: Any,
) -> Iterator[Page]:
    """Open `html` at ORIGIN under the product's policy; `answers` maps further paths to what they give.

    What the page logs as an error fails the test when the page closes.
    """
    context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=False, **options)
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None)
    context.route("**/*", lambda route: _answer(route, html, answers or {}))
    if init:
        page.add_init_script(init)
    page.goto(f"{ORIGIN}/{anchor}", wait_until="load")
    page.evaluate("document.fonts.ready")
    yield page
    context.close()
    if errors:
        raise AssertionError(errors)


def _answer(route: Route, html: str, answers: Answers) -> None:
    path = route.request.url.removeprefix(ORIGIN).partition("?")[0].partition("#")[0]
    if path in answers:
        answers[path](route)
    elif path == "/":
        headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": POLICY}
        route.fulfill(status=200, body=html, headers=headers)
    elif path.startswith("/static/built/") and (file := BUILT / path.rpartition("/")[2]).exists():
        kind = guess_type(file.name)[0] or "font/woff2"
        route.fulfill(status=200, body=file.read_bytes(), headers={"content-type": kind})
    else:
        route.fulfill(status=404, body="")
