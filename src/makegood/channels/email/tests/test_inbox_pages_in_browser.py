"""The pages about inboxes: for everybody, on every screen, in both themes; and the test that runs before one's eyes."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, Route, expect

from makegood.agents.models import Agent, Role, Team
from makegood.inboxes.models import Inbox
from makegood.web.building.__main__ import build
from makegood.web.tests.browsing import chromium, page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_SHOTS = os.environ.get("MAKEGOOD_SHOTS")


def step(name: str, state: str, said: str, remedy: str = "", broken: tuple[str, ...] = ()) -> dict[str, object]:
    return {"name": name, "state": state, "said": said, "remedy": remedy, "broken": list(broken)}


def finding(name: str, state: str, said: str, host: str = "", record: str = "") -> dict[str, str]:
    return {"name": name, "state": state, "said": said, "host": host, "record": record}


STEPS = [
    step("found", "done", "mail.quillfeather.example answers on 993 and 587"),
    step("secure", "done", "TLS 1.3, certificate valid until 4 Feb 2027"),
    step("read", "done", "Newest message 14:18, folder INBOX, 2,312 messages"),
    step(
        "send", "failed",
        "mail.quillfeather.example refused the sign-in of hello@quillfeather.example: “535 authentication failed”.",
        "Check the password. Many providers need an app password here, made in the account’s own settings.", ("out",),
    ),
    step("return", "waiting", "Waits for the step above"),
]  # fmt: skip
TRUST = {
    "at": "2026-11-22T09:00:00+00:00",
    "findings": [
        finding("SPF", "good", "It names who may send for you and asks to treat others with suspicion."),
        finding(
            "DKIM", "missing", "No signing key was found at the usual selectors, so mail may land in spam.",
            "mail._domainkey.quillfeather.example", "v=DKIM1; k=rsa; p=PUT THE KEY FROM YOUR MAIL PROVIDER HERE",
        ),
        finding(
            "DMARC", "wrong", "There are 2 DMARC records, so none counts. Keep one.", "_dmarc.quillfeather.example",
            "v=DMARC1; p=none; rua=mailto:hello@quillfeather.example",
        ),
        finding("MX", "good", "Mail for you goes to mail.quillfeather.example."),
    ],
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    build()


@pytest.fixture
def client() -> Client:
    admin = Agent.objects.create(email="marisol@quillfeather.example", name="Marisol Quint", role=Role.ADMIN)
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture
def inbox() -> Inbox:
    Team.objects.create(name="Workshop")
    server = {"host": "mail.quillfeather.example", "user": "hello@quillfeather.example"}
    return Inbox.objects.create(
        name="Care", address="hello@quillfeather.example", sender_name="Marisol at Quillfeather", health="bad",
        health_said="mail.quillfeather.example refused the password.",
        settings={
            "way": "server",
            "imap": {**server, "port": 993, "security": "tls", "folders": ["INBOX"]},
            "smtp": {**server, "port": 587, "security": "starttls", "user": "marisol"},
            "test": {"at": "2026-11-22T14:20:00+00:00", "seconds": 3.1, "steps": STEPS}, "trust": TRUST,
        },
    )  # fmt: skip


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": _RULES})
    return [f"{one['id']}: {node['target']}" for one in found.response["violations"] for node in one["nodes"]]


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def pages(client: Client, inbox: Inbox) -> dict[str, str]:
    Inbox.objects.create(name="Returns", address="returns@quillfeather.example", health="good")
    paths = {
        "inbox": f"/settings/inboxes/{inbox.pk}", "list": "/settings/inboxes", "new": "/settings/inboxes/new",
        "forward": "/settings/inboxes/new?way=forward", "google": f"/settings/inboxes/{inbox.pk}?way=google",
    }  # fmt: skip
    return {name: client.get(path).content.decode() for name, path in paths.items()}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_are_accessible_and_fit(client: Client, inbox: Inbox, theme: str, width: int) -> None:
    rendered = pages(client, inbox)  # before the browser starts: its event loop and the database do not go together
    with chromium() as browser:
        for name, html in rendered.items():
            themed = html.replace("<html ", f'<html data-theme="{theme}" ', 1)
            is_phone = width < 760
            with page_of(browser, themed, width=width, height=1000, is_mobile=is_phone, has_touch=is_phone) as page:
                if _SHOTS:
                    page.screenshot(path=Path(_SHOTS) / f"inbox-{name}-{theme}-{width}.png", full_page=True)
                assert sideways(page) == 0, name
                assert violations(page) == [], name


def test_the_same_sign_in_hides_its_own_fields(client: Client, inbox: Inbox) -> None:
    html = client.get(f"/settings/inboxes/{inbox.pk}").content.decode()
    with chromium() as browser, page_of(browser, html) as page:
        assert page.locator("#id_smtp_user").is_visible()
        page.locator("#id_same").check()
        assert not page.locator("#id_smtp_user").is_visible()


@pytest.mark.parametrize("width", [1440, 1000, 390])
def test_the_box_of_the_security_shows_its_longest_choice_whole(client: Client, inbox: Inbox, width: int) -> None:
    html = client.get(f"/settings/inboxes/{inbox.pk}").content.decode()
    with chromium() as browser, page_of(browser, html, width=width) as page:
        for name in ("imap", "smtp"):
            shown, wanted = page.locator(f"#id_{name}_security").evaluate(
                "e => [e.offsetWidth, ((e.style.inlineSize = 'max-content'), e.offsetWidth)]"
            )
            assert shown >= wanted, name


def test_each_step_appears_where_the_person_looks_and_the_light_follows(client: Client, inbox: Inbox) -> None:
    """The page asks for step after step; the answers are those of an inbox without servers."""
    Inbox.objects.filter(pk=inbox.pk).update(settings={"way": "forward", "smtp": None})
    url = f"/settings/inboxes/{inbox.pk}"
    html = client.get(f"{url}?test=now").content.decode()
    live = {"HX-Request": "true"}
    answers = [client.post(f"{url}/test", {"step": step}, headers=live).content for step in range(5)]
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(re.findall(r'name="step"\s+(\d)|step=(\d)', route.request.post_data or "")[0])
        route.fulfill(status=200, body=answers[len(asked) - 1], headers={"content-type": "text/html"})

    with chromium() as browser, page_of(browser, html, answers={f"{url}/test": answer}, anchor="#test") as page:
        page.evaluate("window.kept = document.querySelector('#test [role=status]')")
        page.locator("#test .steps li[data-p=late]").wait_for()

        assert [first or second for first, second in asked] == ["0", "1", "2", "3", "4"]
        assert page.locator("#test .steps li").count() == 5
        assert page.locator("#test .steps li[data-p=late]").count() == 1
        assert page.evaluate("document.activeElement.id") == "test"
        place = page.locator("#test .steps").bounding_box()
        assert place and place["y"] >= 0 and place["y"] + place["height"] <= 900
        said = page.evaluate("window.kept.isConnected && window.kept.textContent")  # the same region: it is read out
        assert "Mail comes in, but can’t go out yet." in said
        assert "Mail comes in, but can’t go out yet." in page.locator("#standing [role=alert]").inner_text()
        assert violations(page) == []


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("address", ["care@gmail.com", ""])
def test_what_the_address_tells_is_said_where_it_was_asked(
    client: Client, address: str, width: int, scripts: bool
) -> None:
    html = client.get("/settings/inboxes/new").content.decode()
    typed = {"way": "server", "address": address, "then": "find"}
    found = client.post("/settings/inboxes/new", typed, headers={"HX-Request": "true"} if scripts else {}).content

    def answer(route: Route) -> None:
        route.fulfill(status=200, body=found, headers={"content-type": "text/html"})

    places = {"/settings/inboxes/new": answer}
    with (
        chromium() as browser,
        page_of(browser, html, width=width, height=700, answers=places, java_script_enabled=scripts) as page,
    ):
        page.get_by_role("button", name="Fill in what the address tells").click()
        said, button = page.locator("#found"), page.get_by_role("button", name="Fill in what the address tells")
        expect(said).to_be_focused()
        expect(said).to_contain_text("Found" if address else "Enter the address first.")
        below, above = said.bounding_box(), button.bounding_box()
        if _SHOTS:
            page.screenshot(path=Path(_SHOTS) / f"inbox-found-{width}-{scripts}-{bool(address)}.png")
        assert below and above
        assert 0 <= below["y"] - (above["y"] + above["height"]) <= 40
        assert below["y"] >= 0 and below["y"] + below["height"] <= 700


def test_an_error_answer_keeps_the_page_and_goes_to_the_field(client: Client) -> None:
    html = client.get("/settings/inboxes/new").content.decode()
    typed = {"way": "server", "address": "odd"}
    refused = client.post("/settings/inboxes/new", typed, headers={"HX-Request": "true"})

    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.post_data or "")
        route.fulfill(status=refused.status_code, body=refused.content, headers={"content-type": "text/html"})

    with chromium() as browser, page_of(browser, html, answers={"/settings/inboxes/new": answer}) as page:
        page.get_by_role("button", name="Save and test").click()
        page.locator("#id_address[aria-invalid=true]").wait_for()

        assert page.evaluate("document.activeElement.id") == "id_address"
        assert len(asked) == 1 and "test" in asked[0].partition("then")[2]
        assert page.locator(".rail").count() == 1
        assert violations(page) == []
