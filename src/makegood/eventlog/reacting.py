"""Reactions: `@on(Event)` subscribes a function; each subscriber reads the log from its own durable cursor.

An event whose reaction fails becomes a job, with retries and a dead letter, and the cursor moves on.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, fields
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.tasks import task

from makegood.eventlog.events import COLUMNS, KNOWN, Actor, Event, Happened
from makegood.eventlog.models import Cursor, LoggedEvent
from makegood.eventlog.recording import action, caused_by

log = logging.getLogger(__name__)
BATCH = 100
Reaction = Callable[[Happened], None]


@dataclass(frozen=True, slots=True)
class Subscription:
    """One function and the names it listens to; no names means all."""

    subscriber: str
    names: frozenset[str]
    react: Reaction


SUBSCRIPTIONS: dict[str, Subscription] = {}


def on(*events: type[Event] | str) -> Callable[[Reaction], Reaction]:
    """Call the function once for every such event, after its commit, in order; `"*"` means every event.

    It must be idempotent: after a kill the last batch may be shown again.
    """

    def subscribe(function: Reaction) -> Reaction:
        subscriber = f"{function.__module__}.{function.__qualname__}"
        names = frozenset(event if isinstance(event, str) else event.name for event in events) - {"*"}
        SUBSCRIPTIONS[subscriber] = Subscription(subscriber, names, function)
        return function

    return subscribe


def discover() -> None:
    """Import `events` and `jobs` of every room and of its folders: there events are named and reactions are marked."""
    for config in apps.get_app_configs():
        if config.name.startswith("makegood."):
            for name in ("events", "jobs"):
                for file in sorted([*Path(config.path).glob(f"{name}.py"), *Path(config.path).glob(f"*/{name}.py")]):
                    inside = file.relative_to(config.path).with_suffix("")
                    import_module(".".join([config.name, *inside.parts]))


def start_at_end() -> None:
    """New subscribers begin with what comes next, not with all that ever was. Called once after each migration."""
    newest = LoggedEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
    known = set(Cursor.objects.values_list("subscriber", flat=True))
    new = [Cursor(subscriber=name, position=newest) for name in SUBSCRIPTIONS if name not in known]
    Cursor.objects.bulk_create(new, ignore_conflicts=True)


def react_all(stop: threading.Event | None = None) -> int:
    """Bring every subscriber up to date; says how many events were handed over."""
    handed = 0
    newest = LoggedEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
    behind = set(Cursor.objects.filter(position__lt=newest).values_list("subscriber", flat=True))
    for subscription in SUBSCRIPTIONS.values():
        while subscription.subscriber in behind and not (stop and stop.is_set()):
            reacted = _react_once(subscription, newest)
            handed += reacted
            if reacted < BATCH:
                break
    return handed


@action
def _react_once(subscription: Subscription, newest: int) -> int:
    """One batch of events up to `newest` in one transaction: how many were handed over.

    It is an action, so that what reactions record is written, and the log locked for it, at the very end: a lock kept
    while further reactions change rows would wait for those who changed these rows and want to write to the log.
    """
    cursors = Cursor.objects.filter(pk=subscription.subscriber)
    if connection.vendor == "postgresql":
        cursors = cursors.select_for_update(skip_locked=True)
    cursor = cursors.first()
    if cursor is None or cursor.position >= newest:
        return 0
    events = LoggedEvent.objects.filter(id__gt=cursor.position, id__lte=newest)
    wanted = events.filter(name__in=subscription.names) if subscription.names else events
    rows = list(wanted.order_by("id")[:BATCH])
    for row in rows:
        _hand_over(subscription, row)
    Cursor.objects.filter(pk=cursor.pk).update(position=rows[-1].id if len(rows) == BATCH else newest)
    return len(rows)


def _hand_over(subscription: Subscription, row: LoggedEvent) -> None:
    try:
        with transaction.atomic(), caused_by(row.id):
            action(subscription.react)(read_back(row))
    except Exception:
        log.exception("%s failed at event %s; it will be tried again", subscription.subscriber, row)
        react_again.enqueue(subscription.subscriber, row.id)


@task(atomic=True)  # type: ignore[call-overload, untyped-decorator]  # our backend's own setting
def react_again(subscriber: str, event_id: int) -> None:
    """An event whose reaction failed is shown once more."""
    with caused_by(event_id):
        # One action around it, so that the log's lock is taken last (see _react_once).
        action(SUBSCRIPTIONS[subscriber].react)(read_back(LoggedEvent.objects.get(pk=event_id)))


def read_back(row: LoggedEvent) -> Happened:
    """The dataclass behind a row. Fields an older version did not write are None; unknown ones are dropped."""
    kind = KNOWN.get(row.name, Event)
    known: dict[str, Any] = {f.name: row.data.get(f.name) for f in fields(kind) if f.name not in COLUMNS}
    columns = {"scope": row.scope, "conversation_id": row.conversation_id, "contact_id": row.contact_id}
    return Happened(row.id, row.name, Actor.read(row.actor), kind(**known, **columns), row.cause_id)
