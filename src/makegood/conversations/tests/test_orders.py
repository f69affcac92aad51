"""A list stands in the order of what is due next, of what came last, or of who has waited longest."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from selectolax.lexbor import LexborHTMLParser

from makegood.agents.models import Agent, Role
from makegood.agents.tests.people import signed_in
from makegood.conversations.models import Conversation
from makegood.conversations.queries.listing import ROWS, page_of
from makegood.conversations.queries.orders import DUE, NEWEST, ORDERS, WAITING, Place
from makegood.conversations.queries.shelves import Shelf
from makegood.conversations.tests.factories import agent, come_in, inbox

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 14, 22, tzinfo=UTC)  # a Thursday


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def marisol() -> Agent:
    return agent(role=Role.ADMIN)


def conversation(subject: str, due: timedelta | None = None, *, waits: timedelta | None = None, ago: int = 60) -> int:
    """`due` from now; `waits` and `ago` (minutes): since when."""
    made = come_in(subject, subject=subject, message_id=f"<{subject}@x.example>").conversation
    Conversation.objects.filter(pk=made.pk).update(
        standard_due_at=None if due is None else NOW + due,
        standard="" if due is None else "first",
        waiting_since=None if waits is None else NOW - waits,
        last_at=NOW - timedelta(minutes=ago),
    )
    return made.pk


def listed(marisol: Agent, order: str, **shelf: object) -> list[str]:
    return [row.subject for row in page_of(Shelf(**shelf), marisol, order=order).rows]  # type: ignore[arg-type]


def test_what_is_due_next_comes_first_and_what_is_not_due_by_the_longest_wait(marisol: Agent) -> None:
    conversation("tomorrow", timedelta(days=1), waits=timedelta(hours=1), ago=60)
    conversation("late", timedelta(hours=-1), waits=timedelta(hours=9), ago=10)
    conversation("just answered", ago=1)
    conversation("soon", timedelta(minutes=38), waits=timedelta(hours=5), ago=300)
    conversation("answered long ago", ago=5000)

    orders = {order: listed(marisol, order) for order in ORDERS}

    assert orders == {
        DUE: ["late", "soon", "tomorrow", "answered long ago", "just answered"],
        NEWEST: ["just answered", "late", "tomorrow", "soon", "answered long ago"],
        WAITING: ["late", "soon", "tomorrow", "just answered", "answered long ago"],
    }


def test_the_day_is_parted_by_the_line_of_now(marisol: Agent) -> None:
    for number, hours in enumerate([-30, -1, 1, 2, 20, 44, 98, 300]):
        conversation(f"{number}", timedelta(hours=hours))
    conversation("nothing")

    groups = page_of(Shelf(), marisol).groups

    assert [(group.title, group.count, bool(group.now)) for group in groups] == [
        ("Late", 2, False), ("", None, True), ("Tomorrow, Friday 20", 1, False), ("Next days", 1, False),
        ("Next week", 1, False), ("Later", 1, False), ("Nothing due", 1, False),
    ]  # fmt: skip
    assert [group.state for group in groups] == ["late", "", "", "", "", "", ""]


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (-60 * 24 * 3, ["Mon", "3 days late"]), (-60 * 20, ["Wed", "20 h late"]), (-52, ["13:30", "52 min late"]),
        (0, ["14:22", "now"]), (38, ["15:00", "in 38 min"]), (105, ["16:07", "in 1¾ h"]), (158, ["17:00", "in 2½ h"]),
        (60 * 16, ["06:22"]), (60 * 30, ["20:22"]), (60 * 24 * 3, ["Sun", "14:22"]),
        (60 * 24 * 30, ["19 Dec", "14:22"]),
    ],
)  # fmt: skip
def test_a_row_tells_when_and_how_far_and_leaves_to_the_heading_which_day_tomorrow_is(
    marisol: Agent, minutes: int, told: list[str]
) -> None:
    conversation("x", timedelta(minutes=minutes))
    (row,) = page_of(Shelf(), marisol).rows
    assert [node.text() for node in LexborHTMLParser(row.column).css("time")] == told


def test_pages_follow_each_other_without_a_gap_or_a_repeat_in_every_order(marisol: Agent) -> None:
    dice = random.Random(7)
    first = come_in()
    rows = [
        Conversation(
            inbox=first.inbox, contact=first.conversation.contact, subject=f"{number}", created_at=NOW,
            # Few different times, so that ids must decide.
            last_at=NOW - timedelta(hours=dice.randint(0, 5)),
            waiting_since=dice.choice([None, NOW - timedelta(hours=dice.randint(0, 5))]),
            standard_due_at=dice.choice([None, NOW + timedelta(hours=dice.randint(-5, 5))]),
        )
        for number in range(3 * ROWS + 7)
    ]  # fmt: skip
    Conversation.objects.bulk_create(rows)
    for order in ORDERS:
        seen: list[int] = []
        cursor = ""
        for _page in range(6):
            page = page_of(Shelf(), marisol, cursor, order)
            seen += [row.id for row in page.rows]
            cursor = page.older
            if not cursor:
                break
        assert (len(seen), len(set(seen))) == (len(rows) + 1, len(rows) + 1)
        values = Conversation.objects.in_bulk(seen)
        if order == DUE:
            due = [values[one].next_due_at for one in seen]
            known = [one for one in due if one]
            assert due == [*sorted(known), *[None] * (len(due) - len(known))]
        if order == WAITING:
            waits = [values[one].waiting_since for one in seen]
            assert [one for one in waits if one] == sorted(one for one in waits if one)
        if order == NEWEST:
            assert [values[one].last_at for one in seen] == sorted((c.last_at for c in values.values()), reverse=True)


def test_a_later_page_tells_no_count_that_it_does_not_know_and_draws_now_once(marisol: Agent) -> None:
    for number in range(ROWS + 3):
        conversation(f"{number}", timedelta(minutes=10 * (number - ROWS)))
    first = page_of(Shelf(), marisol)
    second = page_of(Shelf(), marisol, first.older)
    assert [(group.title, group.count, bool(group.now)) for group in first.groups] == [("Late", None, False)]
    assert [(group.title, len(group.rows), bool(group.now)) for group in second.groups] == [("", 3, True)]


def test_one_row_costs_as_many_questions_as_three(marisol: Agent) -> None:
    counts = []
    page_of(Shelf(), marisol)  # knows the inboxes from now on
    for number in range(3):
        conversation(f"{number}", timedelta(hours=number))
        if number != 1:
            with CaptureQueriesContext(connection) as asked:
                page_of(Shelf(), marisol)
            counts.append(len(asked.captured_queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "cursor", ["", "x", "d", "dx.1", "d1e400.1", "n1700000000.5", "d1700000000.99999999999999999999"]
)
def test_an_address_that_nobody_made_is_the_first_page(marisol: Agent, cursor: str) -> None:
    conversation("one", timedelta(hours=1))
    begin = Place.read(cursor)
    rows = page_of(Shelf(), marisol, cursor).rows
    assert len(rows) == (0 if begin and begin.mark == "d" and begin.at > NOW else 1)


def test_the_choice_is_kept_by_the_browser_and_an_open_list_keeps_its_own(marisol: Agent) -> None:
    browser = signed_in(marisol)

    def chosen(answer: object) -> list[str]:
        page = LexborHTMLParser(answer.content)  # type: ignore[attr-defined]
        return [node.text() for node in page.css('.agenda .seg [aria-current="true"]')]

    before = chosen(browser.get("/conversations"))
    browser.get("/conversations?order=newest")
    after = chosen(browser.get("/conversations?view=mine"))
    browser.get("/conversations?order=due", headers={"HX-Request": "true"})
    assert (before, after, chosen(browser.get("/conversations"))) == (["Due next"], ["Newest"], ["Newest"])
    page = LexborHTMLParser(browser.get("/conversations").content)
    assert page.css_first("[data-live=list][hx-get^='/conversations']").attributes["hx-get"].endswith("order=newest")


def test_what_is_over_has_one_order(marisol: Agent) -> None:
    browser = Client()
    browser.force_login(marisol)
    assert LexborHTMLParser(browser.get("/conversations?view=closed&order=due").content).css(".agenda .seg") == []


def test_the_list_of_an_inbox_has_the_same_order(marisol: Agent) -> None:
    box = inbox()
    conversation("a", timedelta(hours=2))
    conversation("b", timedelta(hours=1))
    assert listed(marisol, DUE, inbox=box.pk) == ["b", "a"]
