"""Markup in every stored text, and every page in Chromium: it is read as words, and nothing of it lives."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Dialog, Page

from makegood.web.building.__main__ import build
from makegood.web.tests.browsing import chromium
from tests.counterparts.makegood import Makegood
from tests.journeys.planting import Canaries
from tests.journeys.routes import NAMES, ROLES, ROWS

pytestmark = [pytest.mark.browser, pytest.mark.server]

# Addresses that are read and show no page; each with its reason. All others are walked.
NO_PAGE = {
    "health": "JSON for monitors",
    "home": "leads to the conversations",
    "file": "a download, sandboxed",
    "original": "a download, sandboxed",
    "remote-images": "opens by its signature alone, in a frame: test_remote_images.py",
    "remote-image": "opens by its signature alone, a picture",
    "channel-inbox": "no channel with a form alone is here: channels/tests/test_another_channel.py",
    "channel-inbox-new": "no channel with a form alone is here",
    "mfa_download_recovery_codes": "a download",
    "mfa_authenticate": "leads on: nobody is half signed in",
    "mfa_login_webauthn": "leads on, or answers scripts in JSON",
    "welcome": "is gone in a house that is set up",
    "welcome-standard": "is gone in a house that is set up",
    "welcome-mail": "is gone in a house that is set up",
    "welcome-team": "is gone in a house that is set up",
}
PASSKEYS = ("mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_reauthenticate_webauthn")  # planted: the table has none
WALKERS = ("admin", "lead", "anonymous")  # the lead has no authenticator app yet
ASKED = Canaries()
QUERIES = {
    "conversations": [f"?view={view}" for view in ("mine", "nobody", "closed")] + ["?inbox=1", "?team=1"],
    "conversation": ["?part=timeline", "?part=standing"],
    "conversation-new": [f"?to={quote(ASKED.one('typed'))}", "?draft={draft}"],
    "search": ["?q=planted", "?q=planted&order=best", f"?q={quote(ASKED.one('typed'))}"],
    "inbox": ["?way=google", "?way=server"],
    "inbox-new": ["?way=forward"],
    "audit": [f"?actor={quote(ASKED.one('typed'))}"],
    "oauth-return": [f"?state=x&error={quote(ASKED.one('typed'))}"],
    "account_login": [f"?next={quote(ASKED.one('typed'))}"],
}
# Planted, and on no page today. What comes to be shown leaves this list, so that it is known to be walked.
ON_NO_PAGE = {
    "attachment.content_id", "company.domain", "event.data", "file.content_type", "job.arguments",
    "message.bcc (name)", "message.in_reply_to", "message.message_id", "message.references", "message.thread_index",
    "message.via_name", "message.warnings", "outbox_mail.sender", "participant.email", "participant.name",
    "raw_message.source_key", "usersessions_usersession.user_agent",
}  # fmt: skip
# Read by an administrator, and looked at by no other test in both respects; all others are.
LOOKED_AT_HERE = ("conversations", "conversation", "conversation-new", "search", "failed-work", "invitation")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective + event.blockedURI));
"""
OPEN = """() => {
  for (const one of document.querySelectorAll("details")) one.open = true;
  for (const one of document.querySelectorAll("[popover]")) { one.popover = "manual"; one.showPopover(); }
  for (const one of document.querySelectorAll("dialog:not([open])")) one.show();
  for (const one of document.querySelectorAll("[hidden]")) one.hidden = false;
  for (const one of document.querySelectorAll("iframe")) one.loading = "eager";
}"""
GROWN = """() => {
  const grown = [];
  const leads = /^\\s*(javascript:|\\/planted|https:\\/\\/planted)/i;
  const isGrown = (one) => one.name === "data-planted" || one.name.startsWith("on")
    || (/^(src|href|action|formaction|hx-.*)$/.test(one.name) && leads.test(one.value));
  const look = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if ([...one.attributes].some(isGrown)) grown.push(one.outerHTML.slice(0, 200));
      if (one.content instanceof DocumentFragment) look(one.content);
    }
  };
  look(document);
  return grown;
}"""


@dataclass
class Walk:
    """A browser's way through the house: what was seen, and what should not have been."""

    context: BrowserContext
    origin: str
    seen: set[str] = field(default_factory=set)
    faults: list[tuple[str, str]] = field(default_factory=list)
    path: str = ""

    def page(self) -> Page:
        self.context.add_init_script(WATCH)
        self.context.on("request", lambda request: self._ask(request.url))
        page = self.context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda line: self._fault("console", line.text) if _is_alarm(line.text) else None)
        page.on("pageerror", lambda error: self._fault("error", str(error)))
        page.on("dialog", self._refuse)
        return page

    def open(self, page: Page, path: str, status: int) -> None:
        """One page with everything that is folded up, and what frames in it show."""
        self.path = path
        answer = page.goto(self.origin + path, wait_until="load")
        if answer is None or answer.status != status:
            self._fault("status", str(answer and answer.status))
        page.evaluate(OPEN)
        page.wait_for_timeout(150)
        for frame in page.frames:
            for grown in frame.evaluate(GROWN):
                self._fault("grown", grown)
            self.seen |= set(re.findall(r"/planted/(\d+)", frame.content()))
        alive = page.evaluate("[...violations, ...('planted' in window ? ['it ran'] : [])]")
        for words in alive:
            self._fault("alive", words)

    def _ask(self, url: str) -> None:
        if url.startswith(("data:", "about:")):
            return
        if not url.startswith(self.origin + "/") or url.startswith(f"{self.origin}/planted"):
            self._fault("asked", url)

    def _refuse(self, dialog: Dialog) -> None:
        self._fault("dialog", dialog.message)
        dialog.dismiss()

    def _fault(self, kind: str, words: str) -> None:
        self.faults.append((self.path, f"{kind}: {words}"))


@dataclass(frozen=True)
class Planted:
    """A running house: `cookies` by role, `arguments` by the name of the address, `places` by a canary's number."""

    origin: str
    cookies: dict[str, dict[str, str]]
    arguments: dict[str, dict[str, object]]
    another: dict[str, dict[str, object]]
    draft: str
    places: dict[str, str]

    def paths(self, name: str) -> list[str]:
        bare = reverse(name, kwargs=self.arguments.get(name))
        another = [reverse(name, kwargs=self.another[name])] if name in self.another else []
        return [bare, *another, *(bare + query.replace("{draft}", self.draft) for query in QUERIES.get(name, []))]

    def as_seen_by(self, browser: Browser, role: str) -> BrowserContext:
        context = browser.new_context(viewport={"width": 1280, "height": 3000})
        if role in self.cookies:
            context.add_cookies([{**self.cookies[role], "url": self.origin}])
        return context


@pytest.fixture(scope="module")
def planted() -> Iterator[Planted]:
    build()
    with tempfile.TemporaryDirectory(prefix="makegood-test-", ignore_cleanup_errors=True) as folder:
        house = Makegood(Path(folder))
        house.more = {"MAKEGOOD_URL": f"http://localhost:{house.port}"}
        house.run("migrate")
        said = json.loads(house.python("from tests.journeys.planting import plant; print(plant())"))
        house.start()
        yield Planted(house.more["MAKEGOOD_URL"], **said)
        house.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def _is_alarm(line: str) -> bool:
    return "Content Security Policy" in line or "planted" in line


def _pages(role: str) -> dict[str, int]:
    """What this role gets a page of, by the table of who may what, and the page's status."""
    at = ROLES.index(role)
    answers = {name: answers[at] for method, name, *answers in ROWS if method == "GET"}
    statuses = {"page": 200, "form": 422}
    if role == "lead":
        return {"mfa_activate_totp": 200}
    with_passkey = dict.fromkeys(PASSKEYS, "page") if role == "admin" else {}
    pages = {name: statuses[word] for name, word in {**answers, **with_passkey}.items() if word in statuses}
    return {name: status for name, status in pages.items() if name not in NO_PAGE}


def test_every_address_that_is_read_is_walked_or_says_why_not() -> None:
    read = {name for method, name, *_ in ROWS if method == "GET"}

    assert read <= set(NAMES)
    assert read - {name for role in WALKERS for name in _pages(role)} - set(NO_PAGE) == set()
    assert set(QUERIES) <= read - set(NO_PAGE)


def test_nothing_planted_grows_on_any_page(planted: Planted, browser: Browser) -> None:
    seen: set[str] = set()
    faults: list[tuple[str, str]] = []
    for role in WALKERS:
        walk = Walk(planted.as_seen_by(browser, role), planted.origin)
        page = walk.page()
        for name, status in _pages(role).items():
            for path in planted.paths(name):
                walk.open(page, path, status)
        walk.open(page, f"/nowhere/{quote(ASKED.one('typed'))}", 404)
        walk.context.close()
        seen |= walk.seen
        faults += walk.faults

    shown = {planted.places[number] for number in seen & set(planted.places)}
    assert faults == []
    assert set(planted.places.values()) - shown == ON_NO_PAGE


def test_pages_full_of_long_words_fit_a_phone_and_everybody(planted: Planted, browser: Browser) -> None:
    context = planted.as_seen_by(browser, "admin")
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    faults = []
    for name in LOOKED_AT_HERE:
        for path in planted.paths(name):
            if "part=" in path:
                continue  # a piece of a page
            page.goto(planted.origin + path)
            sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
            faults += [(path, "sideways", sideways)] if sideways else []
            faults += [(path, one["id"], one["nodes"][0]["html"][:200]) for one in found]
    context.close()

    assert faults == []
