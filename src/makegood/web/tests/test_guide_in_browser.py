import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page

from makegood.web import guide
from makegood.web.building.__main__ import build
from makegood.web.tests.browsing import chromium, page_of

pytestmark = pytest.mark.browser

_WIDE, _ONE_PANE, _PHONE, _SMALLEST = 1440, 760, 390, 320
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_SHOTS = os.environ.get("MAKEGOOD_SHOTS")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    build()
    with chromium() as browser:
        yield browser


def _html(name: str, **context: object) -> str:
    template = f"{name}.html" if name.isdigit() else f"web/guide/{name}.html"
    data = guide.context_of(name) if name in guide.PAGES else {}
    return render_to_string(template, {**data, **context})


def _violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": _RULES})
    return [f"{one['id']}: {node['target']}" for one in found.response["violations"] for node in one["nodes"]]


def _sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def _shoot(page: Page, name: str) -> None:
    if _SHOTS:
        page.screenshot(path=Path(_SHOTS) / f"{name}.png", full_page=True)


def _shoot_view(page: Page, name: str) -> None:
    if _SHOTS:
        page.screenshot(path=Path(_SHOTS) / f"{name}.png")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", [*guide.PAGES, "404", "500"])
def test_a_page_is_accessible_in_both_themes(browser: Browser, name: str, theme: str) -> None:
    with page_of(browser, _html(name, theme=theme)) as page:
        _shoot(page, f"{name}-{theme}")

        assert _violations(page) == []


@pytest.mark.parametrize("width", [_PHONE, _SMALLEST, 800, 1180])
@pytest.mark.parametrize("name", guide.PAGES)
def test_a_page_fits_its_screen(browser: Browser, name: str, width: int) -> None:
    is_phone = width < _ONE_PANE
    html = _html(name, conversation_open=not is_phone)
    with page_of(browser, html, width=width, height=844, has_touch=is_phone, is_mobile=is_phone) as page:
        _shoot(page, f"{name}-{width}")

        assert _sideways(page) == 0
        assert _violations(page) == []


def test_a_conversation_on_a_phone_has_the_whole_screen(browser: Browser) -> None:
    with page_of(browser, _html("inbox"), width=_PHONE, height=844, has_touch=True, is_mobile=True) as page:
        _shoot(page, "conversation-390")

        assert _sideways(page) == 0
        assert _violations(page) == []
        assert not page.locator(".agenda").is_visible()


def test_right_to_left_pages_fit_too(browser: Browser) -> None:
    html = _html("inbox").replace('dir="ltr"', 'dir="rtl"')
    with page_of(browser, html) as page:
        _shoot(page, "inbox-rtl")
        rail = page.locator(".rail").bounding_box()

        assert rail is not None
        assert rail["x"] + rail["width"] == _WIDE
        assert _sideways(page) == 0


def test_the_system_s_dark_theme_is_followed_until_one_is_chosen(browser: Browser) -> None:
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    with page_of(browser, _html("entrance"), color_scheme="dark") as page:
        followed = page.evaluate(ground)
    with page_of(browser, _html("entrance", theme="light"), color_scheme="dark") as page:
        chosen = page.evaluate(ground)

    assert (followed, chosen) == ("rgb(19, 24, 22)", "rgb(245, 244, 240)")


def test_forced_colours_keep_the_dials(browser: Browser) -> None:
    with page_of(browser, _html("components"), forced_colors="active") as page:
        _shoot(page, "components-forced")

        assert page.locator(".dial").first.is_visible()


def test_compact_density_makes_rows_lower(browser: Browser) -> None:
    with page_of(browser, _html("inbox", density="compact")) as page:
        _shoot(page, "inbox-compact")
        row = page.locator(".item").nth(1).bounding_box()

    assert row is not None
    assert row["height"] <= 58


def test_without_scripts_a_note_is_written_on_straw_paper(browser: Browser) -> None:
    with page_of(browser, _html("inbox"), java_script_enabled=False) as page:
        page.locator(".composer label").filter(has_text="Note").click()
        _shoot(page, "inbox-note")

        assert page.get_by_role("button", name="Add note").is_visible()
        assert not page.get_by_role("button", name="Send Ctrl").is_visible()


def test_without_scripts_a_phone_s_rail_opens_behind_more(browser: Browser) -> None:
    with page_of(browser, _html("components"), width=_PHONE, height=844, java_script_enabled=False) as page:
        page.get_by_role("button", name="More").click()
        _shoot_view(page, "rail-390")

        assert page.get_by_role("link", name="Workshop").is_visible()


def test_without_scripts_menus_drawers_and_dialogs_open(browser: Browser) -> None:
    with page_of(browser, _html("inbox"), width=1100, java_script_enabled=False) as page:
        page.get_by_role("button", name="About Odile").click()
        _shoot_view(page, "inbox-drawer")

        assert page.get_by_text("Customer for 4 years").is_visible()
    with page_of(browser, _html("components"), java_script_enabled=False) as page:
        page.get_by_role("button", name="Send options").click()
        _shoot_view(page, "menu")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Open a dialog").click()
        _shoot_view(page, "dialog")

        assert page.get_by_role("dialog").is_visible()


def test_the_keys_fit_on_one_sheet(browser: Browser) -> None:
    with page_of(browser, _html("components")) as page:
        page.locator("h1").click()
        page.keyboard.press("?")
        _shoot_view(page, "keys")

        assert page.get_by_role("dialog").is_visible()
        assert _violations(page) == []


def test_paper_shows_the_messages_and_nothing_around_them(browser: Browser) -> None:
    with page_of(browser, _html("inbox")) as page:
        page.emulate_media(media="print")
        _shoot(page, "inbox-print")

        assert page.locator(".msg.ours").is_visible()
        around = page.locator(".rail, .composer, .agenda, .side, .note")
        assert not any(part.is_visible() for part in around.all())
