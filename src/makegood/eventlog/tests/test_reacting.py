"""Each subscriber reads the log from its own cursor: in order, nothing missed, nothing doubled, nothing in its way."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from makegood.clock.now import now
from makegood.eventlog import reacting
from makegood.eventlog.events import Happened
from makegood.eventlog.models import Cursor, LoggedEvent
from makegood.eventlog.reacting import on, react_all, start_at_end
from makegood.eventlog.recording import action
from makegood.eventlog.tests.test_recording import KettleBoiled, boil
from makegood.eventlog.tests.threads import at_once, on_postgres
from makegood.jobs import claiming
from makegood.jobs.models import Job, Schedule
from makegood.jobs.worker import run

pytestmark = pytest.mark.django_db
SEEN: list[int] = []
FAILS: set[int] = set()


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No subscribers but the test's own."""
    monkeypatch.setattr(reacting, "SUBSCRIPTIONS", {})
    SEEN.clear()
    FAILS.clear()
    yield


def number_of(happened: Happened) -> int:
    assert isinstance(happened.event, KettleBoiled)
    return happened.event.number


def pour(happened: Happened) -> None:
    if number_of(happened) in FAILS:
        raise ValueError("the cup is full")
    SEEN.append(number_of(happened))


def chill(happened: Happened) -> None:
    """Acts itself, so its event has a cause."""
    if number_of(happened) < 100:
        boil(100 + number_of(happened))


def keep(happened: Happened) -> None:
    Schedule.objects.create(name=f"kept-{number_of(happened)}", next_at=now())


def subscribe(function: object, *events: object) -> None:
    on(*(events or (KettleBoiled,)))(function)  # type: ignore[arg-type]
    start_at_end()


def test_events_come_in_order_and_once() -> None:
    subscribe(pour)
    for number in (3, 1, 2):
        boil(number)

    assert (react_all(), SEEN) == (3, [3, 1, 2])
    assert (react_all(), SEEN) == (0, [3, 1, 2])


def test_a_new_subscriber_begins_with_what_comes_next() -> None:
    boil(1)
    subscribe(pour)
    boil(2)

    react_all()

    assert SEEN == [2]


def test_starting_again_changes_no_cursor() -> None:
    subscribe(pour)
    boil(1)

    start_at_end()
    react_all()

    assert SEEN == [1]


def test_more_than_a_batch_is_read_to_the_end() -> None:
    subscribe(pour)
    for number in range(reacting.BATCH * 2 + 5):
        boil(number)

    react_all()

    assert list(range(reacting.BATCH * 2 + 5)) == SEEN


def test_only_what_was_asked_for_is_handed_over_and_the_cursor_passes_the_rest() -> None:
    subscribe(pour, "dragon.slain")
    boil(1)

    assert (react_all(), SEEN) == (0, [])
    assert Cursor.objects.get().position == LoggedEvent.objects.get().id


def test_a_star_means_everything() -> None:
    subscribe(pour, "*")
    boil(1)

    assert react_all() == 1


def test_a_reaction_that_fails_becomes_a_job_and_the_next_event_comes() -> None:
    subscribe(pour)
    FAILS.add(2)
    for number in (1, 2, 3):
        boil(number)

    react_all()

    assert SEEN == [1, 3]
    job = Job.objects.get()
    assert job.arguments["args"][1] == LoggedEvent.objects.get(data__number=2).id


def test_the_job_shows_the_event_again() -> None:
    subscribe(pour)
    FAILS.add(1)
    boil(1)
    react_all()
    FAILS.clear()

    for job in claiming.claim("tester"):
        run(job)

    assert (SEEN, Job.objects.get().state) == ([1], Job.DONE)


def test_what_a_failed_reaction_did_is_taken_back() -> None:
    def keep_and_fail(happened: Happened) -> None:
        keep(happened)
        raise ValueError("the cup is full")

    subscribe(keep_and_fail)
    boil(1)

    react_all()

    assert not Schedule.objects.filter(name="kept-1").exists()
    assert Job.objects.count() == 1


def test_what_a_failed_reaction_recorded_is_taken_back() -> None:
    def chill_and_fail(happened: Happened) -> None:
        chill(happened)
        raise ValueError("the cup is full")

    subscribe(chill_and_fail)
    boil(1)

    react_all()

    assert [event.data["number"] for event in LoggedEvent.objects.order_by("id")] == [1]


def test_what_a_reaction_records_names_its_cause() -> None:
    subscribe(chill)
    boil(1)

    react_all()

    first, second = LoggedEvent.objects.order_by("id")
    assert (second.data["number"], second.cause_id) == (101, first.id)


def test_two_subscribers_do_not_stand_in_each_others_way() -> None:
    subscribe(pour)
    subscribe(keep)
    FAILS.add(1)
    boil(1)

    react_all()

    assert Schedule.objects.filter(name="kept-1").exists()


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_two_reactors_and_writers_at_once_miss_nothing_and_double_nothing() -> None:
    subscribe(keep)

    def write(writer: int) -> None:
        for number in range(40):
            boil(writer * 1000 + number)

    def react() -> None:
        for _ in range(60):
            react_all()

    errors = [e for e in at_once(*[lambda w=w: write(w) for w in range(4)], react, react, react) if e is not None]
    react_all()

    assert errors == []
    assert Schedule.objects.filter(name__startswith="kept-").count() == 160
    assert Job.objects.count() == 0


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_a_reactor_and_an_agent_who_change_the_same_row_do_not_wait_for_each_other_for_ever() -> None:
    Schedule.objects.create(name="shared", next_at=now())
    recorded, changed = threading.Event(), threading.Event()

    def record_then_change(happened: Happened) -> None:
        if number_of(happened) == 1:
            boil(101)
            recorded.set()
            assert changed.wait(5)
        elif number_of(happened) == 2:
            Schedule.objects.filter(name="shared").update(next_at=now())

    @action
    def change_then_record() -> None:
        assert recorded.wait(5)
        Schedule.objects.filter(name="shared").update(next_at=now())
        changed.set()
        time.sleep(0.2)
        boil(102)

    subscribe(record_then_change)
    boil(1)
    boil(2)

    assert [e for e in at_once(react_all, change_then_record) if isinstance(e, Exception)] == []
    assert Job.objects.count() == 0
