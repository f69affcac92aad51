"""Kept reads answer as Django does, whatever numbers they are asked with, and refuse what they cannot keep."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.test.utils import CaptureQueriesContext

from makegood.agents.models import Team
from makegood.database.selecting import kept
from makegood.inboxes.models import Inbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def inboxes() -> list[Inbox]:
    return [Inbox.objects.create(name=name, address=f"{name}@quillfeather.example") for name in ("a", "b", "c")]


def test_each_question_gets_the_rows_of_its_own_numbers(inboxes: list[Inbox]) -> None:
    asked = []

    @kept
    def one(number: int) -> QuerySet[Inbox]:
        asked.append(number)
        return Inbox.objects.filter(pk=number)

    assert [one(inbox.pk) for inbox in inboxes] == [[inbox] for inbox in inboxes]
    assert one(0) == []
    assert len(asked) == 1  # the statement was made once


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**40, 2_000_000_000, -1])
def test_a_number_that_no_row_can_have_finds_none(inboxes: list[Inbox], number: int) -> None:
    @kept
    def but(number: int, other: int) -> QuerySet[Inbox]:
        return Inbox.objects.filter(pk=number).exclude(pk=other)

    assert but(inboxes[0].pk, number) == [inboxes[0]]
    assert but(number, inboxes[0].pk) == []


def test_several_numbers_are_a_tuple_of_any_length(inboxes: list[Inbox]) -> None:
    @kept
    def some(numbers: tuple[int, ...], but: int) -> QuerySet[Inbox]:
        return Inbox.objects.filter(pk__in=numbers).exclude(pk=but).order_by("-name")

    a, b, c = (inbox.pk for inbox in inboxes)
    assert [row.pk for row in some((a, b, c), b)] == [c, a]
    assert [row.pk for row in some((a, a, b), a)] == [b]
    assert [row.pk for row in some((b,), a)] == [b]
    assert some((), a) == []


def test_a_number_may_be_used_twice_and_in_a_subquery(inboxes: list[Inbox]) -> None:
    team = Team.objects.create(name="Care")
    inboxes[1].teams.add(team)

    @kept
    def granted(team_id: int) -> QuerySet[Inbox]:
        given = Inbox.teams.through.objects.filter(team_id=team_id).values("inbox_id")
        return Inbox.objects.filter(Q(pk__in=given) & ~Q(pk__lt=F("pk")) & (Q(teams=team_id) | Q(pk__in=given)))

    assert granted(team.pk) == [inboxes[1]]
    assert granted(team.pk + 1) == []


def test_what_is_no_number_belongs_to_the_shape(inboxes: list[Inbox]) -> None:
    @kept
    def named(name: str | None, yes: bool, number: int | None) -> QuerySet[Inbox]:
        rows = Inbox.objects.filter(name=name) if name else Inbox.objects.all()
        rows = rows if number is None else rows.filter(pk=number)
        return rows if yes else rows.none()

    assert named("b", True, None) == [inboxes[1]]
    assert named("c", True, None) == [inboxes[2]]
    assert named(None, True, inboxes[0].pk) == [inboxes[0]]
    assert named(None, False, None) == []


def test_joins_annotations_values_and_what_is_left_out_come_as_from_django(inboxes: list[Inbox]) -> None:
    first = inboxes[0].pk
    queries: list[QuerySet[Inbox, Any]] = [
        Inbox.objects.filter(pk=first).annotate(more=Value("x")),
        Inbox.objects.filter(pk=first).only("name"),
        Inbox.objects.filter(pk=first).values("pk", "name", "teams__name"),
        Inbox.objects.filter(pk=first).values_list("name", flat=True),
    ]
    for query in queries:

        @kept
        def rows(number: int, query: QuerySet[Inbox, Any] = query) -> QuerySet[Inbox, Any]:
            again = query.all()
            again.query.where.children.clear()
            return again.filter(pk=number)

        (from_django,), (ours,) = list(query), rows(first)
        assert ours == from_django
        if isinstance(ours, Inbox):
            assert ours.get_deferred_fields() == from_django.get_deferred_fields()
            assert getattr(ours, "more", None) == getattr(from_django, "more", None)
            assert ours._state.db == from_django._state.db


@pytest.mark.django_db(transaction=True)
def test_threads_that_ask_at_once_each_get_their_own(inboxes: list[Inbox]) -> None:
    @kept
    def one(number: int) -> QuerySet[Inbox, str]:
        return Inbox.objects.filter(pk=number).values_list("name", flat=True)

    wrong: list[object] = []

    def ask(inbox: Inbox) -> None:
        wrong.extend(found for _ in range(100) if (found := one(inbox.pk)) != [inbox.name])
        connection.close()

    threads = [threading.Thread(target=ask, args=(inbox,)) for inbox in inboxes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_query_that_makes_something_of_its_number_is_refused() -> None:
    @kept
    def near(number: int) -> QuerySet[Inbox]:
        return Inbox.objects.filter(pk=number + 1)

    @kept
    def with_teams(number: int) -> QuerySet[Inbox]:
        return Inbox.objects.filter(pk=number).prefetch_related("teams")

    for question in (near, with_teams):
        with pytest.raises(TypeError, match="cannot be kept"):
            question(1)


def test_it_is_one_statement(inboxes: list[Inbox]) -> None:
    @kept
    def everything() -> QuerySet[Inbox]:
        return Inbox.objects.order_by("name")

    with CaptureQueriesContext(connection) as counted:
        assert everything() == inboxes
    assert len(counted) == 1
