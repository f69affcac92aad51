"""A conversation on a phone, and what is folded in it, as Chromium lays it out."""

from __future__ import annotations

import pytest
from django.test import Client

from makegood.agents.tests.people import person, signed_in
from makegood.conversations.envelope import IncomingFile
from makegood.conversations.models import Conversation
from makegood.conversations.tests.factories import agent, come_in, inbox
from makegood.web.building.__main__ import build
from makegood.web.tests.browsing import chromium, page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
PHONE = {"width": 390, "height": 844, "is_mobile": True, "has_touch": True}
SUBJECT = "The main pole of my tent cracked and we leave for the coast on Saturday"


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    build()


@pytest.fixture
def client() -> Client:
    return signed_in(person("Marisol Quint"))


def test_on_a_phone_the_title_is_read_whole_and_the_customer_is_behind_more(client: Client) -> None:
    number = come_in(subject=SUBJECT).conversation_id
    html = client.get(f"/conversations/{number}").content.decode()

    with chromium() as browser, page_of(browser, html, **PHONE) as page:
        title = page.locator("h1")
        assert title.evaluate("e => e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight")
        page.get_by_role("button", name="More").click()
        page.get_by_role("button", name="About the customer").click()
        assert page.locator("#side").is_visible()


@pytest.mark.parametrize("width", [390, 800, 1440])
def test_whose_it_is_is_read_whole_at_every_width(client: Client, width: int) -> None:
    """In the list by initials that nothing covers; above the conversation by name."""
    name = "Bartholomea Winterbourne-Castellan"
    owner, letter = agent(name), come_in("Words. " * 40, subject=SUBJECT)
    Conversation.objects.update(assignee=owner)
    listed = client.get("/conversations").content.decode()
    html = client.get(f"/conversations/{letter.conversation_id}").content.decode()

    with chromium() as browser:
        with page_of(browser, listed, width=width) as page:
            face, row = page.get_by_role("img", name=name).bounding_box(), page.locator(".item").bounding_box()
            words = page.locator(".item .sub").bounding_box()
            assert face and row and words
            assert words["x"] + words["width"] <= face["x"] <= row["x"] + row["width"] - face["width"]
        with page_of(browser, html, width=width) as page:
            whose = page.locator(".whose")
            assert whose.inner_text() == f"with {name}"
            clipping = "e => { for (let one = e; one.tagName !== 'HEADER'; one = one.parentElement) if (one.scrollWidth"
            assert not whose.evaluate(clipping + " > one.clientWidth + 1) return one.className; return '' }")
            assert page.locator("h1").evaluate("e => e.clientWidth") > 120


def test_on_a_phone_the_toast_covers_neither_a_sender_nor_what_is_written(client: Client) -> None:
    message = come_in()
    page_url = f"/conversations/{message.conversation_id}"
    html = client.get(page_url).content.decode()
    toast = '<mg-undo class="toast" data-seconds="10"><p>It leaves in a moment.</p></mg-undo>'
    html = html.replace('aria-live="polite">', f'aria-live="polite">{toast}', 1)

    with chromium() as browser, page_of(browser, html, **PHONE) as page:
        boxes = {name: page.locator(place).first.bounding_box() for name, place in _PLACES.items()}
        shown = {name: box for name, box in boxes.items() if box}
        assert shown.keys() == _PLACES.keys()
        assert shown["sender"]["y"] + shown["sender"]["height"] <= shown["toast"]["y"]
        assert shown["toast"]["y"] + shown["toast"]["height"] <= shown["composer"]["y"]


_PLACES = {"toast": ".toast", "sender": ".msg .head", "composer": ".composer"}


def test_chosen_files_are_named_and_none_is_not_said_in_the_browser_s_words(client: Client) -> None:
    html = client.get(f"/conversations/{come_in().conversation_id}").content.decode()

    with chromium() as browser, page_of(browser, html) as page:
        box = page.locator(".attach").bounding_box()
        assert box and box["width"] <= 1
        assert page.locator("[data-chosen]").inner_text() == ""
        files = [{"name": name, "mimeType": "application/pdf", "buffer": b"x"} for name in ("one.pdf", "two.pdf")]
        page.set_input_files(".attach", files=files)  # type: ignore[arg-type]
        assert page.locator("[data-chosen]").inner_text() == "one.pdf, two.pdf"
        page.locator(".attach").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("document.activeElement.className") == "attach"
        assert page.locator("mg-attach label").evaluate("e => getComputedStyle(e).outlineStyle") == "solid"


def test_names_of_one_long_word_stay_in_their_places(client: Client) -> None:
    """An inbox without a name of its own has its address for one, and senders name files as they like."""
    address, file = (
        "a-long-way-round@quillfeather.example",
        IncomingFile("a very long name " * 8 + ".pdf", "application/pdf", b"x"),
    )
    number = come_in(to=inbox(address, address), subject=SUBJECT, files=(file,)).conversation_id
    inbox("workshop@quillfeather.example", "workshop@quillfeather.example")
    html = client.get(f"/conversations/{number}").content.decode()

    with chromium() as browser, page_of(browser, html, width=1300) as page:
        for inside, within in _NAMES:
            name, place = page.locator(inside).bounding_box(), page.locator(within).bounding_box()
            assert name and place, inside
            assert name["x"] + name["width"] <= place["x"] + place["width"], inside
        row, icon = (
            page.locator(f".rail [title='{address}'] > {part}").bounding_box() for part in ("span >> nth=0", "svg")
        )
        assert row and icon and row["y"] < icon["y"] + icon["height"]
        words, icon = (page.locator(f".conv .meta > {part}").bounding_box() for part in (".clip", "svg"))
        assert words and icon and words["y"] < icon["y"] + icon["height"]


_NAMES = [(".rail [title*=round] > span >> nth=0", ".rail [title*=round]"), (".filecards .clip", ".filecards a")]


def test_a_blank_line_of_the_whole_mail_is_as_high_as_a_line(client: Client) -> None:
    message = come_in("New words.")
    type(message).objects.update(text="First.\n\nSecond.\n\n> quoted", reply_text="First.")
    html = client.get(f"/conversations/{message.conversation_id}").content.decode()

    with chromium() as browser, page_of(browser, html) as page:
        page.locator(".quoted summary").click()
        first, second = (page.locator(".quoted p").nth(n).bounding_box() for n in (0, 1))
        assert first and second
        assert second["y"] - (first["y"] + first["height"]) <= first["height"]


def test_the_bar_at_the_foot_of_a_phone_has_five_places(client: Client) -> None:
    html = client.get("/conversations").content.decode()

    with chromium() as browser, page_of(browser, html, **PHONE) as page:
        places = page.locator(".mtabs > *")
        assert places.all_inner_texts() == ["Mine", "Nobody’s yet", "Open", "Search", "More"]
        widths = {round(box["width"]) for one in places.all() if (box := one.bounding_box())}
        assert max(widths) - min(widths) <= 1
        assert page.evaluate("document.documentElement.scrollWidth") == 390
