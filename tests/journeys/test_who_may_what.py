"""Who may do what, over every address of the house: one table, and an address that is missing in it fails."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.urls import get_resolver, reverse

from tests.journeys.furnished import Furnished, client_of, furnish, tables_now
from tests.journeys.routes import NAMES, ROLES, ROWS, in_words, patterns

pytestmark = pytest.mark.django_db

# A sender's own HTML stands in a frame of our pages, with its styles; files have a policy of their own.
FRAMED = {"message-body"}


@pytest.fixture
def house() -> Furnished:
    return furnish()


def _addresses() -> list[str]:
    """The first name of every address; some have another, which allauth looks up."""
    by_route = {str(pattern.pattern): pattern.name or "" for pattern in reversed(list(patterns(get_resolver())))}
    return sorted(by_route.values())


def _ask(house: Furnished, role: str, method: str, name: str, **options: bool) -> HttpResponseBase:
    client = client_of(house.people.get(role), **options)
    url = reverse(name, kwargs=house.arguments.get(name))
    return client.get(url) if method == "GET" else client.post(url)


def test_every_address_stands_in_the_table_and_no_other() -> None:
    assert _addresses() == NAMES


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row[:2]))
def test_an_address_answers_each_role_as_the_table_says(row: tuple[str, ...], house: Furnished) -> None:
    method, name, *expected = row
    answers = []
    for role in ROLES:
        with transaction.atomic():
            answers.append(in_words(_ask(house, role, method, name)))
            transaction.set_rollback(True)

    assert dict(zip(ROLES, answers, strict=True)) == dict(zip(ROLES, expected, strict=True))


def test_what_is_not_in_the_table_is_not_answered(house: Furnished) -> None:
    asked = {(method, name) for method, name, *_ in ROWS}
    missing = [(method, name) for name in NAMES for method in ("GET", "POST") if (method, name) not in asked]

    assert [pair for pair in missing if _ask(house, "admin", *pair).status_code != 405] == []


def test_no_form_of_another_site_is_believed(house: Furnished) -> None:
    posts = [name for method, name, *_ in ROWS if method == "POST"]

    believed = [
        name for name in posts if _ask(house, "admin", "POST", name, enforce_csrf_checks=True).status_code != 403
    ]

    assert believed == []


@pytest.mark.parametrize("role", ["anonymous", "agent", "admin"])
def test_reading_changes_nothing(role: str, house: Furnished) -> None:
    changed = {}
    client = client_of(house.people.get(role))
    for name in NAMES:
        before = tables_now()
        client.get(reverse(name, kwargs=house.arguments.get(name)))
        after = tables_now()
        if tables := [table for table in after if before[table] != after[table]]:
            changed[name] = tables

    assert changed == {}


@pytest.mark.parametrize("role", ["anonymous", "admin"])
def test_every_answer_carries_the_safe_headers(role: str, house: Furnished) -> None:
    wrong = {name: faults for name in NAMES if (faults := _faults(name, _ask(house, role, "GET", name)))}

    assert wrong == {}


def _faults(name: str, answer: HttpResponseBase) -> list[str]:
    headers = answer.headers
    policy = headers.get("Content-Security-Policy", "")
    scripts = [part for part in policy.split(";") if part.strip().startswith(("script-src", "default-src"))]
    wanted = {
        "a policy": bool(policy),
        "no unsafe scripts": not any("unsafe" in part for part in scripts),
        "no unsafe styles": "unsafe" not in policy or name in FRAMED,
        "nobody frames it": "frame-ancestors 'none'" in policy or _is_own_frame(name, policy),
        "nosniff": headers.get("X-Content-Type-Options") == "nosniff",
        "nothing told to others": headers.get("Referrer-Policy") == "same-origin",
        "not kept": "no-store" in headers.get("Cache-Control", ""),
    }
    return [fault for fault, holds in wanted.items() if not holds]


def _is_own_frame(name: str, policy: str) -> bool:
    return name in FRAMED and "frame-ancestors 'self'" in policy
