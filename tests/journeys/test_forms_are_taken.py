"""What a page's own form sends is never refused as unknown: the other side of `test_unknown_fields`."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.journeys.furnished import Furnished, client_of, furnish
from tests.journeys.routes import ROWS

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = [name for method, name, *_ in ROWS if method == "GET"]
WORDS = {"email": "kofi@larkspur.example", "number": "993", "url": "https://shop.example", "datetime-local": ""}


@pytest.fixture
def house() -> Furnished:
    return furnish()


def forms_of(page: str) -> list[tuple[str, dict[str, str]]]:
    """Where each form of a page goes, and what it sends when each of its buttons is pressed."""
    tree = LexborHTMLParser(page)
    found = []
    for form in tree.css("form"):
        if (form.attributes.get("method") or "").lower() != "post":
            continue
        name = form.attributes.get("id")
        fields = [*form.css("input, textarea, select, button"), *(tree.css(f'[form="{name}"]') if name else [])]
        data = {f.attributes["name"] or "": _value(f) for f in fields if f.attributes.get("name") and f.tag != "button"}
        buttons = [f for f in fields if f.tag == "button" and f.attributes.get("type") in {None, "submit"}]
        for button in buttons or [form]:
            action = button.attributes.get("formaction") or form.attributes.get("action") or ""
            pressed = button.attributes.get("name") if button is not form else None
            found.append((action, data | ({pressed: button.attributes.get("value") or ""} if pressed else {})))
    return found


def _value(field: LexborNode) -> str:
    if field.tag == "select":
        options = field.css("option[selected]") or field.css("option")
        return (options[0].attributes.get("value") or "") if options else ""
    if field.attributes.get("type") == "file":
        return ""  # as a browser sends one in which nothing was chosen
    return field.attributes.get("value") or field.text() or WORDS.get(field.attributes.get("type") or "", "word")


def refused(client: Client, url: str) -> list[str]:
    """The forms of one page that are answered with 400."""
    page = client.get(url)
    bad = []
    if "html" not in page.headers.get("Content-Type", "") or page.status_code >= 500:
        return bad
    for action, data in forms_of(page.content.decode()):
        with transaction.atomic():
            if client.post(action or url, data).status_code == 400:
                bad.append(f"{url}: {action} {sorted(data)}")
            transaction.set_rollback(True)
    return bad


@pytest.mark.parametrize("role", ["anonymous", "agent", "admin"])
def test_every_form_of_every_page_may_be_sent_as_it_stands(role: str, house: Furnished) -> None:
    bad = []
    for name in PAGES:
        client = client_of(house.people.get(role))
        bad += refused(client, reverse(name, kwargs=house.arguments.get(name)))

    assert "\n".join(bad) == ""
