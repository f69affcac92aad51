"""Hands new events of the log to the open streams of this process. Addresses only, never HTML.

One thread waits for commits, reads what is new once, and gives each stream what its person may see. Every eight
seconds, and when it hears of a change, it asks which sessions still exist and reads scopes anew: a revoked session's
stream ends at once, and every ended session's within ten seconds.

Who looks at a conversation and who writes is told in the same way, but has no id: it is not in the log, and whoever
missed it looks anew.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import QuerySet

from makegood.clock.now import now
from makegood.database.selecting import kept
from makegood.eventlog.models import LoggedEvent
from makegood.jobs.waking import waker
from makegood.live.watching import Watch

log = logging.getLogger(__name__)
RECHECK_SECONDS = 8.0
REPLAY = 500
AT_ONCE = 1000
CHANGES_WHO_HEARS = {"access.changed", "session.revoked"}
END = b""
RELOAD = b'data: {"name": "reload"}\n\n'


@dataclass(eq=False, slots=True)
class Stream:
    """One open page's connection: what it may see, and the queue that its coroutine empties."""

    agent_id: int
    session_key: str
    scopes: frozenset[int]
    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(maxsize=1000))
    _held: list[bytes] | None = field(default_factory=list, init=False)  # until it begins
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def begin(self, missed: Iterable[bytes] = ()) -> None:
        """What it missed, then what has been pushed meanwhile: a page drops what is older than it knows."""
        with self._lock:
            for piece in [*missed, *(self._held or ())]:
                self.loop.call_soon_threadsafe(self._put, piece)
            self._held = None

    def push(self, piece: bytes) -> None:
        """From any thread. A page that does not read fast enough is let go; it comes back and asks for the rest."""
        with self._lock:
            if self._held is None:
                self.loop.call_soon_threadsafe(self._put, piece)
            else:
                self._held.append(piece)

    def _put(self, piece: bytes) -> None:
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            piece = END
        self.queue.put_nowait(piece)


class Hub:
    """All streams of this process. `scopes_of(agent_id)` is given by the room that knows: None ends the stream."""

    def __init__(self, scopes_of: Callable[[int], Iterable[int] | None]) -> None:
        self._scopes_of = scopes_of
        self._streams: set[Stream] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)
        self._last = 0
        self._watch = Watch()

    def start(self) -> None:
        """Begin to watch the log."""
        self._last = newest_id()
        connection.close()
        self._thread.start()

    def stop(self) -> None:
        """End every stream."""
        self._stop.set()
        for stream in self._all():
            stream.push(END)

    def open(self, stream: Stream, last_seen: int | None) -> None:
        """Add a stream; what happened after `last_seen` is told first."""
        with self._lock:
            self._streams.add(stream)
        stream.begin(() if last_seen is None else self._missed(stream, last_seen))

    def close(self, stream: Stream) -> None:
        """The page is gone."""
        with self._lock:
            self._streams.discard(stream)

    def _missed(self, stream: Stream, last_seen: int) -> list[bytes]:
        try:
            events = list(LoggedEvent.objects.filter(id__gt=last_seen).order_by("id")[: REPLAY + 1])
        finally:
            connection.close()  # a thread of the pool, which keeps no connection between streams
        return _told(stream, events) if len(events) <= REPLAY else [RELOAD]

    def _all(self) -> list[Stream]:
        with self._lock:
            return list(self._streams)

    def _run(self) -> None:
        wake = waker(self._stop)
        due = time.monotonic() + RECHECK_SECONDS
        has_news = False
        while not self._stop.is_set():
            try:
                has_news = has_news or wake.wait(max(due - time.monotonic(), 0.0))
                if has_news and self._streams:
                    self._tell_news()
                    self._tell_who_is_there()
                has_news = False
                if time.monotonic() >= due:
                    self._recheck()
                    self._tell_who_is_there()  # who has gone without a word wakes nobody
                    due = time.monotonic() + RECHECK_SECONDS
            except Exception:  # the worker loop's edge: open pages must go on hearing
                log.exception("open pages could not be told; trying again")
                connection.close()
                self._stop.wait(1.0)
        wake.close()
        connection.close()

    def _tell_news(self) -> None:
        while events := list(LoggedEvent.objects.filter(id__gt=self._last).order_by("id")[:AT_ONCE]):
            if any(event.name in CHANGES_WHO_HEARS for event in events):
                self._recheck()
            for stream in self._all():
                for piece in _told(stream, events):
                    stream.push(piece)
            self._last = max(self._last, events[-1].id)  # at the end: after a failure all is told, a page drops doubles
            if len(events) < AT_ONCE:
                return

    def _tell_who_is_there(self) -> None:
        streams = self._all()
        for change in self._watch.changes() if streams else ():
            piece = f"data: {json.dumps({'name': 'presence', 'conversation': change.conversation_id})}\n\n".encode()
            for stream in streams:
                if change.scope in stream.scopes and change.agent_id != stream.agent_id:
                    stream.push(piece)

    def _recheck(self) -> None:
        newest = newest_id()  # before it is looked who is there: whoever joins afterwards asks for what is newer
        streams = self._all()
        alive = Session.objects.filter(
            session_key__in={stream.session_key for stream in streams}, expire_date__gt=now()
        )
        keys = set(alive.values_list("session_key", flat=True))
        scopes = {agent_id: self._scopes_of(agent_id) for agent_id in {stream.agent_id for stream in streams}}
        for stream in streams:
            allowed = scopes[stream.agent_id]
            if stream.session_key not in keys or allowed is None:
                stream.push(END)
            else:
                stream.scopes = frozenset(allowed)
        if not streams:
            self._last = max(self._last, newest)


def newest_id() -> int:
    """The last event's id."""
    return next(iter(_newest()), 0)


@kept
def _newest() -> QuerySet[LoggedEvent, int]:
    return LoggedEvent.objects.order_by("-id").values_list("id", flat=True)[:1]


def _told(stream: Stream, events: list[LoggedEvent]) -> list[bytes]:
    return [
        f"id: {event.id}\ndata: {json.dumps({'name': event.name, 'conversation': event.conversation_id})}\n\n".encode()
        for event in events
        if event.scope in stream.scopes
    ]
