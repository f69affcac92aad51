"""From an empty house to a team, in a browser: the first run, invitations, second steps, a forgotten password."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from makegood.web.building.__main__ import build
from makegood.web.tests.browsing import chromium
from tests.counterparts.makegood import Makegood

pytestmark = [pytest.mark.browser, pytest.mark.server]

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_SHOTS = os.environ.get("MAKEGOOD_SHOTS")
ADMIN, PASSWORD = "odile@quillfeather.example", "lantern over the porch"


@pytest.fixture(scope="module")
def house() -> Iterator[Makegood]:
    build()
    with tempfile.TemporaryDirectory(prefix="makegood-test-", ignore_cleanup_errors=True) as folder:
        house = Makegood(Path(folder))
        house.more = {"MAKEGOOD_URL": f"http://localhost:{house.port}"}  # passkeys need a name, not a number
        house.start()
        yield house
        house.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def visitor(house: Makegood, browser: Browser) -> Iterator[Page]:
    with_page = _page(house, browser)
    yield with_page
    with_page.context.close()


def _page(house: Makegood, browser: Browser, **options: object) -> Page:
    context = browser.new_context(base_url=house.more["MAKEGOOD_URL"], **options)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", lambda line: pytest.fail(line.text) if "Content Security Policy" in line.text else None)
    return page


def _look(page: Page, name: str) -> None:
    """The page in both themes and at 390 px: accessible, and nothing hangs over the side."""
    for theme in ("light", "dark"):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 844})
            if _SHOTS:
                page.screenshot(path=Path(_SHOTS) / f"{name}-{theme}-{width}.png", full_page=True)
            sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert (name, theme, width, sideways) == (name, theme, width, 0)
            found = Axe().run(page, options={"runOnly": _RULES}).response["violations"]
            assert [(name, theme, width, one["id"], one["nodes"][0]["html"]) for one in found] == []
    page.set_viewport_size({"width": 1280, "height": 844})


def _sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()


def _sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()


def _code(secret: str) -> str:
    """What an authenticator app would show."""
    middle = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, middle[len(middle) // 2]))


def _confirm(page: Page, password: str) -> None:
    if page.get_by_role("heading", name="Is it you?").is_visible():
        page.get_by_label("Password").fill(password)
        with page.expect_navigation():
            page.get_by_role("button", name="Go on").click()


def test_1_the_first_run_ends_at_the_conversations_and_is_gone(house: Makegood, visitor: Page) -> None:
    page = visitor
    log = (house.data / "serve.log").read_text()
    found = re.search(r"http://\S+/welcome/\S+", log)
    assert found, log
    page.goto(found[0])
    _look(page, "welcome-shop")
    page.get_by_label("Company name").fill("Quillfeather")
    page.get_by_label("Your name").fill("Odile Fenwick")
    page.get_by_label("Your e-mail").fill(ADMIN)
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Open the shop").click()
    _look(page, "welcome-shop-refused")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open the shop").click()

    page.get_by_role("heading", name="What do you promise everyone who writes to you?").wait_for()
    _look(page, "welcome-standard")
    page.get_by_label("How soon").select_option("2h")
    page.get_by_text("We answer within 2 working hours").wait_for()
    page.get_by_role("button", name="Make this our promise").click()
    page.get_by_role("heading", name="Where do people write to you?").wait_for()
    _look(page, "welcome-mail")
    page.get_by_role("link", name="Skip for now").click()
    _look(page, "welcome-team")
    page.get_by_label("E-mail").fill("jonas@quillfeather.example")
    page.get_by_role("button", name="Make an invitation link").click()
    assert "/invitations/" in page.get_by_label("Link", exact=True).input_value()
    _look(page, "welcome-team-link")
    page.get_by_role("button", name="Go to the conversations").click()
    page.wait_for_url("**/conversations")
    assert page.get_by_role("navigation", name="Main").is_visible()

    assert [
        page.goto(address).status for address in (found[0], "/welcome/standard", "/welcome/mail", "/welcome/team")
    ] == [404] * 4
    assert not (house.data / "setup-token").exists()


def test_2_an_invited_person_joins_without_scripts(house: Makegood, browser: Browser, visitor: Page) -> None:
    _sign_in(visitor, ADMIN, PASSWORD)
    visitor.goto("/settings/agents")
    visitor.locator("form[action='/settings/teams']").get_by_label("Name").fill("Workshop")
    visitor.get_by_role("button", name="Make a team").click()
    _look(visitor, "team")
    visitor.goto("/settings/agents")
    _look(visitor, "agents")
    visitor.get_by_label("E-mail").fill("teodor@quillfeather.example")
    visitor.get_by_role("checkbox", name="Workshop").check()
    visitor.get_by_role("button", name="Make an invitation link").click()
    link = visitor.get_by_label("Link", exact=True).input_value()
    _look(visitor, "agents-link")

    guest = _page(house, browser, java_script_enabled=False)
    guest.goto(link)
    guest.get_by_label("Your name").fill("Teodor Vance")
    guest.get_by_label("Password").fill("seven pears in a bowl")
    guest.get_by_role("button", name="Join").click()
    guest.wait_for_url("**/conversations")
    guest.goto("/settings/profile")
    guest.get_by_label("Time zone").select_option("Europe/Berlin")
    guest.get_by_text("Dark", exact=True).click()
    guest.get_by_role("button", name="Save").click()

    assert guest.locator("html").get_attribute("data-theme") == "dark"
    assert guest.goto("/settings/agents").status == 403
    assert guest.goto(link).status == 404
    visitor.goto("/settings/agents")
    assert visitor.locator("tr", has_text="Teodor Vance").get_by_text("Workshop").is_visible()
    guest.context.close()


def test_3_an_authenticator_app_is_asked_for_and_a_recovery_code_helps(visitor: Page) -> None:
    page = visitor
    page.goto("/accounts/login/")
    _look(page, "login")
    _sign_in(page, ADMIN, PASSWORD)
    page.goto("/settings/security")
    _look(page, "security")
    page.get_by_role("link", name="Switch on").click()
    _look(page, "again")
    _confirm(page, PASSWORD)
    _look(page, "app")
    secret = page.locator("code").inner_text()
    page.get_by_label("Authenticator code").fill(_code(secret))
    page.get_by_role("button", name="Switch on").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    _look(page, "codes")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10

    _sign_out(page)
    _sign_in(page, ADMIN, PASSWORD)
    page.get_by_role("heading", name="One more step").wait_for()
    _look(page, "second-factor")
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/conversations")
    page.goto("/settings/security")
    assert page.get_by_text("9 are left").is_visible()
    page.get_by_role("link", name="Switch off").click()
    _confirm(page, PASSWORD)
    _look(page, "app-off")
    page.get_by_role("button", name="Switch off").click()
    page.get_by_text("The authenticator app is switched off.").wait_for()


def _virtual_key(context: BrowserContext, page: Page) -> None:
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_4_a_passkey_is_added_lets_in_is_renamed_and_removed(visitor: Page) -> None:
    page = visitor
    _virtual_key(page.context, page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_text("this device has none for this place").wait_for()
    _sign_in(page, ADMIN, PASSWORD)
    page.goto("/settings/security/passkeys/new")
    _confirm(page, PASSWORD)
    _look(page, "passkey-new")
    page.get_by_label("Name").fill("Blue key")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    _sign_out(page)

    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/conversations")
    page.goto("/settings/security")
    _look(page, "security-passkey")
    page.get_by_role("link", name="Rename Blue key").click()
    _confirm(page, PASSWORD)
    _look(page, "passkey-rename")
    page.get_by_label("Name").fill("Green key")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove Green key").click()
    _look(page, "passkey-remove")
    page.get_by_role("button", name="Remove passkey").click()

    page.get_by_text("None yet.").wait_for()


def test_5_a_forgotten_password_is_set_by_a_link_that_works_once(house: Makegood, browser: Browser) -> None:
    admin, guest = _page(house, browser), _page(house, browser)
    guest.goto("/accounts/login/")
    guest.get_by_role("link", name="Forgotten your password?").click()
    _look(guest, "forgotten")
    _sign_in(admin, ADMIN, PASSWORD)
    admin.goto("/settings/agents")
    admin.get_by_role("link", name="Change Teodor Vance").click()
    _look(admin, "agent")
    admin.get_by_role("button", name="Make a link").click()
    link = admin.get_by_label("Link", exact=True).input_value()
    _look(admin, "agent-link")

    guest.goto(link)
    _look(guest, "reset")
    guest.get_by_label("Password").fill("nine plums in a jar")
    with guest.expect_navigation():
        guest.get_by_role("button", name="Set the password").click()
    assert guest.goto(link).status == 404
    _look(guest, "link-over")
    _sign_in(guest, "teodor@quillfeather.example", "nine plums in a jar")
    guest.wait_for_url("**/conversations")

    admin.get_by_role("button", name="Teodor Vance has left").click()
    guest.goto("/conversations")
    assert "/accounts/login/" in guest.url
    admin.context.close()
    guest.context.close()


def test_6_the_other_pages_are_accessible(house: Makegood, browser: Browser, visitor: Page) -> None:
    _sign_in(visitor, ADMIN, PASSWORD)
    for name in ("profile", "security", "audit", "teams/1", "teams/1/inboxes", "security/password"):
        visitor.goto(f"/settings/{name}")
        _look(visitor, name.replace("/", "-"))
    visitor.goto("/accounts/logout/")
    _look(visitor, "logout")
    guest = _page(house, browser)
    for _ in range(6):
        _sign_in(guest, "nobody@quillfeather.example", "guessing again")
    _look(guest, "login-refused")
    guest.context.close()
