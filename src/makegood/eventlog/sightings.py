"""What people look at, for the audit: noted at once, written a moment later, so that no page waits to be shown.

A page can thus be read while the database takes no writes. The same person's next look at the same thing within the
hour is not written again. When the process is killed, what it was to write is lost: a second's worth.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime

from django.db import DatabaseError, connection

from makegood.clock.now import now
from makegood.eventlog.events import Actor, Event
from makegood.eventlog.recording import action, record

log = logging.getLogger(__name__)
SECONDS = 1.0
MOST_WAITING = 10_000  # while the database takes none

type Sighting = tuple[Event, Actor, datetime]


class Sightings:
    """Those of one process. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Sighting] = []
        self._hour = 0
        self._known: set[tuple[Event, Actor]] = set()

    def note(self, event: Event, *, by: Actor) -> None:
        """Somebody saw this; costs no question to the database."""
        moment = now()
        hour = int(moment.timestamp() // 3600)
        with self._lock:
            if hour != self._hour:
                self._hour, self._known = hour, set()
            if (event, by) in self._known:
                return
            if len(self._waiting) >= MOST_WAITING:
                log.error("%s by %s is not in the audit: the log could not be written for too long", event.name, by)
                return
            self._known.add((event, by))
            self._waiting.append((event, by, moment))

    def write(self) -> int:
        """All that wait, in one transaction; says how many. They wait on when it fails."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        try:
            _write(waiting)
        except BaseException:
            with self._lock:
                self._waiting = waiting + self._waiting
            raise
        return len(waiting)

    def keep_writing(self, stop: threading.Event) -> None:
        """The thread of a process that shows pages; what waits at the end is written, too."""
        while not stop.wait(SECONDS):
            self._try_to_write()
        self._try_to_write()
        connection.close()

    def _try_to_write(self) -> None:
        try:
            self.write()
        except DatabaseError:
            log.warning("what was looked at could not be written down; trying again", exc_info=True)
            connection.close()


@action
def _write(sightings: list[Sighting]) -> None:
    for event, by, moment in sightings:
        record(event, by=by, at=moment)


SIGHTINGS = Sightings()
