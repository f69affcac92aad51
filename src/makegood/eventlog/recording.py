"""`@action` makes a change and its events one transaction; `record` says what happened.

Ids must be in commit order, or a cursor would pass over an event that is committed late. SQLite gives this with its
one writer. On PostgreSQL the outermost action's last statement takes a lock and inserts all its events together.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.db import connection, transaction

from makegood.clock.now import now
from makegood.eventlog.events import Actor, Event
from makegood.eventlog.models import LoggedEvent
from makegood.jobs.waking import ring

ADVISORY_LOCK = 7_236_451


class _Unwritten(threading.local):
    def __init__(self) -> None:
        self.depth = 0
        self.events: list[LoggedEvent] = []
        self.cause_id: int | None = None
        self.known: dict[tuple[object, ...], Any] = {}


_unwritten = _Unwritten()


def action[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """A verb: one transaction around the function, whose recorded events are written at its end.

    An action within an action joins it. When one fails, its events go with its changes.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        mark = len(_unwritten.events)
        _unwritten.depth += 1
        try:
            with transaction.atomic(savepoint=_unwritten.depth == 1):
                result = function(*args, **kwargs)
                if _unwritten.depth == 1:
                    _write()
                return result
        except BaseException:
            del _unwritten.events[mark:]
            raise
        finally:
            _unwritten.depth -= 1
            if not _unwritten.depth:
                _unwritten.known.clear()

    return run


def read_once[*Values, R](read: Callable[[*Values], R]) -> Callable[[*Values], R]:
    """Ask the database once in an outermost action: many letters share one, and each asks who works here.

    For what no action changes and then asks for. Outside an action it is asked each time.
    """

    @wraps(read)
    def run(*values: *Values) -> R:
        if not _unwritten.depth:
            return read(*values)
        question = (read, *values)
        if question not in _unwritten.known:
            _unwritten.known[question] = read(*values)
        return cast("R", _unwritten.known[question])

    return run


def record(event: Event, *, by: Actor, at: datetime | None = None) -> None:
    """Note an event, of now unless `at` is given; it is written when the outermost action ends.

    Outside an action this is a programming error.
    """
    assert _unwritten.depth, f"{event.name} recorded outside an action"
    _unwritten.events.append(
        LoggedEvent(
            at=at or now(),
            name=event.name,
            actor=str(by),
            scope=event.scope,
            conversation_id=event.conversation_id,
            contact_id=event.contact_id,
            cause_id=_unwritten.cause_id,
            data=event.facts(),
        )
    )


class caused_by:
    """Within the block every recorded event names this one as its cause."""

    def __init__(self, event_id: int) -> None:
        self._event_id = event_id

    def __enter__(self) -> None:
        self._before = _unwritten.cause_id
        _unwritten.cause_id = self._event_id

    def __exit__(self, *_: Any) -> None:
        _unwritten.cause_id = self._before


def _write() -> None:
    events, _unwritten.events = _unwritten.events, []
    if not events:
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
    _insert(events)
    ring()


def _insert(events: list[LoggedEvent]) -> None:
    """One statement, by hand: making it anew for every action would cost more than running it."""
    rows = [
        (
            connection.ops.adapt_datetimefield_value(event.at), event.name, event.actor, event.scope,
            event.conversation_id, event.contact_id, event.cause_id, json.dumps(event.data),
        )
        for event in events
    ]  # fmt: skip
    places = ", ".join(["(%s, %s, %s, %s, %s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO event (at, name, actor, scope, conversation_id, contact_id, cause_id, data)"  # noqa: S608  places only
            f" VALUES {places}",
            [value for row in rows for value in row],
        )
