"""What people look at is in the log soon, once an hour, and kept while the database takes no writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import DatabaseError

from makegood.eventlog import sightings
from makegood.eventlog.events import Actor, Event
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.sightings import Sightings

pytestmark = pytest.mark.django_db
INES, JONAS = Actor("agent", 7), Actor("agent", 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class KettleSeen(Event, name="kettle.seen"):
    pass


def seen(number: int) -> KettleSeen:
    return KettleSeen(conversation_id=number)


def written() -> list[tuple[str, int | None, str]]:
    rows = LoggedEvent.objects.filter(name="kettle.seen").order_by("id")
    return [(row.actor, row.conversation_id, f"{row.at:%H:%M}") for row in rows]


def test_a_look_is_written_with_the_moment_it_was_and_the_same_not_again_within_the_hour() -> None:
    noted = Sightings()
    with time_machine.travel(datetime(2026, 11, 27, 9, 10, tzinfo=UTC), tick=False) as clock:
        for by, number in ((INES, 1), (INES, 1), (JONAS, 1), (INES, 2)):
            noted.note(seen(number), by=by)
        clock.move_to(datetime(2026, 11, 27, 9, 59, tzinfo=UTC))
        noted.note(seen(1), by=INES)
        assert (noted.write(), noted.write()) == (3, 0)
        noted.note(seen(1), by=INES)
        clock.move_to(datetime(2026, 11, 27, 10, 0, tzinfo=UTC))
        noted.note(seen(1), by=INES)
        assert noted.write() == 1

    assert written() == [
        ("agent:7", 1, "09:10"), ("agent:8", 1, "09:10"), ("agent:7", 2, "09:10"), ("agent:7", 1, "10:00"),
    ]  # fmt: skip


def test_what_cannot_be_written_now_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    noted = Sightings()
    noted.note(seen(1), by=INES)
    with monkeypatch.context() as closed:
        closed.setattr(LoggedEvent, "__init__", _refuse)
        with pytest.raises(DatabaseError):
            noted.write()
    noted.note(seen(2), by=INES)

    assert noted.write() == 2
    assert [number for _, number, _ in written()] == [1, 2]


def _refuse(*_: object, **__: object) -> None:
    raise DatabaseError("locked")


def test_no_more_waits_than_has_room_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sightings, "MOST_WAITING", 2)
    noted = Sightings()
    for number in (1, 2, 3):
        noted.note(seen(number), by=INES)

    assert (noted.write(), len(caplog.records)) == (2, 1)
    noted.note(seen(3), by=INES)
    assert noted.write() == 1  # it was never taken for written
