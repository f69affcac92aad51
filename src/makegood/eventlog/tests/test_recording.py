"""Events are written with the change they tell of, in the order of commits, and never changed again."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from importlib import import_module

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.backends.sqlite3.schema import DatabaseSchemaEditor
from django.test.utils import CaptureQueriesContext

from makegood.clock.now import now
from makegood.eventlog.events import KNOWN, SYSTEM, Actor, Event
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.reacting import read_back
from makegood.eventlog.recording import action, caused_by, read_once, record
from makegood.eventlog.tests.threads import at_once, on_postgres
from makegood.jobs.models import Schedule

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True, kw_only=True)
class KettleBoiled(Event, name="kettle.boiled"):
    number: int = 0
    word: str = ""


@action
def boil(number: int = 0, *, then: object = None) -> None:
    Schedule.objects.create(name=f"kettle-{number}", next_at=now())
    record(KettleBoiled(number=number, word="steam", scope=3, conversation_id=7, contact_id=9), by=Actor("agent", 5))
    if isinstance(then, Exception):
        raise then


@action
def boil_two(first: int, second: int, *, then: object = None) -> None:
    boil(first)
    boil(second, then=then)


def numbers() -> list[int]:
    return [event.data["number"] for event in LoggedEvent.objects.filter(name="kettle.boiled").order_by("id")]


def test_an_event_is_kept_with_its_columns_and_facts() -> None:
    boil(4)

    event = LoggedEvent.objects.get()
    assert (event.name, event.actor, event.scope, event.conversation_id, event.contact_id, event.cause_id) == (
        "kettle.boiled", "agent:5", 3, 7, 9, None,
    )  # fmt: skip
    assert event.data == {"number": 4, "word": "steam"}


def test_it_reads_back_as_it_was() -> None:
    boil(4)

    happened = read_back(LoggedEvent.objects.get())

    assert happened.actor == Actor("agent", 5)
    assert happened.event == KettleBoiled(number=4, word="steam", scope=3, conversation_id=7, contact_id=9)


def test_facts_that_an_older_version_wrote_or_did_not_write_are_no_error() -> None:
    row = LoggedEvent(id=1, at=now(), name="kettle.boiled", actor="system:", data={"gone": 1})

    assert read_back(row).event == KettleBoiled(number=None, word=None)  # type: ignore[arg-type]


def test_an_event_of_an_unknown_name_can_be_read() -> None:
    row = LoggedEvent(id=1, at=now(), name="dragon.slain", actor="contact:8", scope=2, data={"x": 1})

    happened = read_back(row)

    assert (happened.name, happened.actor, happened.event) == ("dragon.slain", Actor("contact", 8), Event(scope=2))


def test_events_of_actions_within_an_action_are_written_at_the_end_of_the_outermost() -> None:
    with CaptureQueriesContext(connection) as statements:
        boil_two(1, 2)

    written = [s["sql"] for s in statements.captured_queries if "INTO event" in s["sql"] or 'INTO "event"' in s["sql"]]
    assert (len(written), numbers()) == (1, [1, 2])


def test_a_failed_action_leaves_neither_changes_nor_events() -> None:
    with pytest.raises(ValueError, match="cold"):
        boil(1, then=ValueError("cold"))
    boil(2)

    assert numbers() == [2]
    assert list(Schedule.objects.values_list("name", flat=True)) == ["kettle-2"]


def test_when_the_second_fails_the_first_ones_event_goes_with_it() -> None:
    with pytest.raises(ValueError, match="cold"):
        boil_two(1, 2, then=ValueError("cold"))

    assert (numbers(), Schedule.objects.count()) == ([], 0)


def test_an_outer_transaction_that_is_rolled_back_takes_the_events_along() -> None:
    with pytest.raises(ValueError, match="cold"), transaction.atomic():
        boil(1)
        raise ValueError("cold")
    boil(2)

    assert numbers() == [2]


def test_recording_outside_an_action_is_a_mistake() -> None:
    with pytest.raises(AssertionError):
        record(KettleBoiled(), by=SYSTEM)


def test_what_an_event_led_to_names_it() -> None:
    boil(1)
    cause = LoggedEvent.objects.get().id
    with caused_by(cause):
        boil(2)
        with caused_by(cause + 100):
            boil(3)
        boil(4)
    boil(5)

    causes = LoggedEvent.objects.order_by("id").values_list("cause_id", flat=True)
    assert list(causes) == [None, cause, cause + 100, cause, None]


@pytest.mark.parametrize("actor", [Actor("agent", 7), SYSTEM, Actor("contact", 0)])
def test_an_actor_is_kept_and_read(actor: Actor) -> None:
    assert Actor.read(str(actor)) == actor


def test_the_database_itself_refuses_changes() -> None:
    boil(1)
    if connection.vendor == "sqlite":  # the suite takes the guard away there (tests/plugin.py)
        guard = import_module("makegood.eventlog.migrations.0002_append_only").guard
        guard(apps, DatabaseSchemaEditor(connection))

    for statement in ("UPDATE event SET actor = 'x'", "DELETE FROM event"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert numbers() == [1]


def test_every_event_of_the_house_is_named_noun_past_participle() -> None:
    assert [name for name in KNOWN if name.count(".") != 1 or name != name.lower()] == []


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_with_eight_writers_no_reader_passes_over_an_event() -> None:
    each, done, seen = 60, threading.Event(), []

    def write(writer: int) -> None:
        for number in range(each):
            boil(writer * 1000 + number)

    def read() -> None:
        position = 0
        while True:
            last = done.is_set()
            rows = list(LoggedEvent.objects.filter(id__gt=position).order_by("id"))
            seen.extend(row.data["number"] for row in rows)
            position = rows[-1].id if rows else position
            if last:
                return
            time.sleep(0.001)

    def write_all() -> None:
        at_once(*[lambda w=writer: write(w) for writer in range(8)])
        done.set()

    results = at_once(write_all, read)

    assert results == [None, None]
    assert len(seen) == 8 * each
    assert sorted(seen) == sorted(writer * 1000 + number for writer in range(8) for number in range(each))


def test_what_is_read_once_is_asked_anew_by_the_next_action_and_outside_of_one() -> None:
    asked: list[int] = []

    @read_once
    def half(number: int) -> int | None:
        asked.append(number)
        return number // 2 or None

    @action
    def inner(*numbers: int) -> list[int | None]:
        return [half(number) for number in numbers]

    @action
    def outer() -> list[int | None]:
        return [half(6), *inner(6, 1), *inner(1), half(6)]

    assert (outer(), asked) == ([3, 3, None, None, 3], [6, 1])
    assert (inner(6, 6), asked) == ([3, 3], [6, 1, 6])
    assert (half(6), half(6), asked) == (3, 3, [6, 1, 6, 6, 6])


def test_what_an_action_that_failed_had_read_is_forgotten() -> None:
    asked: list[int] = []
    read = read_once(lambda: asked.append(1))

    @action
    def fail() -> None:
        read()
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError):
            fail()
    assert asked == [1, 1]
