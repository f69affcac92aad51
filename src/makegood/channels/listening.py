"""Threads that listen to the channels' sources: what they catch is stored, and how each inbox does is noted."""

from __future__ import annotations

import logging
import threading
from contextlib import closing

from django.db import DatabaseError, InterfaceError, connection

from makegood.channels.channel import Source
from makegood.channels.errors import SourceFailed
from makegood.channels.intake import take
from makegood.channels.registry import CHANNELS
from makegood.database.trouble import is_of_database
from makegood.errors import Refused
from makegood.eventlog.events import SYSTEM
from makegood.inboxes.actions.managing import note_health

log = logging.getLogger(__name__)
LOOK_SECONDS = 2.0
DATABASE_SECONDS = 1.0
SAID = 500
NOT_UNDERSTOOD = "The mail server answers in a way that Makegood does not understand, so no mail comes from it."


class Listener:
    """One thread for one source. A server that fails is tried again after 5, 10, 20 … up to 300 seconds."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._stop = threading.Event()
        self._is_well: bool | None = None
        self._pause = 5.0
        name = f"{source.inbox.channel}-{source.inbox.pk}-{source.name}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def lives(self) -> bool:
        """False once something unforeseen has ended the thread."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Ask it to end; it may still be waiting for the server."""
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._listen()
                self._stop.wait(LOOK_SECONDS)
            except (SourceFailed, Refused) as failed:
                self._note(good=False, said=str(failed))
                self._wait_longer()
            except Exception as error:  # noqa: BLE001  the intake's edge: a server may say anything, and that is never well
                connection.close()
                self._unforeseen(error)
        try:
            self.source.release()
        except DatabaseError:
            log.warning("could not hand back the lease of %s", self.source.name)
        connection.close()

    def _listen(self) -> None:
        """For as long as the source goes on; the next catch is asked for when the last is on the disk."""
        with closing(self.source.listen(self._stop)) as catches:
            for catch in catches:
                self._pause = 5.0
                take(catch)
                if catch.is_empty:
                    self._note(good=True)

    def _unforeseen(self, error: Exception) -> None:
        if isinstance(error, InterfaceError) or is_of_database(error):
            log.exception("the database failed while fetching; trying again")
            self._stop.wait(DATABASE_SECONDS)  # ours, and soon back: no reason to spare it as a stranger's server
            return
        log.exception("%s of %s said what was not foreseen", self.source.name, self.source.inbox)
        self._note(good=False, said=f"{NOT_UNDERSTOOD} {type(error).__name__}: {error}"[:SAID])
        self._wait_longer()

    def _wait_longer(self) -> None:
        self._stop.wait(self._pause)
        self._pause = min(self._pause * 2, 300.0)

    def _note(self, *, good: bool, said: str = "") -> None:
        """Trouble is told each time; that all is well only once, so that it does not cover another source's trouble."""
        if not good or self._is_well is not True:
            note_health(self.source.inbox, good=good, said=said, by=SYSTEM)
        self._is_well = good


class Listening:
    """Keeps one listener for each source of every channel, and follows changes of their settings."""

    def __init__(self) -> None:
        self._listeners: dict[tuple[int, str], Listener] = {}

    def look(self) -> None:
        """Start what is missing, stop what is no longer wanted. Called every few seconds."""
        sources = (source for channel in CHANNELS.values() for source in channel.sources())
        wanted = {(source.inbox.pk, source.name): source for source in sources}
        for key, listener in list(self._listeners.items()):
            if key not in wanted or not wanted[key].is_like(listener.source) or not listener.lives:
                listener.stop()
                del self._listeners[key]
        for key, source in wanted.items():
            if key not in self._listeners:
                self._listeners[key] = Listener(source)

    def stop(self) -> None:
        """End all."""
        for listener in self._listeners.values():
            listener.stop()
