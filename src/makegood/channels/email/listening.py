"""Threads that watch folders: fetch what is new, then wait with IDLE or for the poll time."""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Iterator

from django.db import DatabaseError, connection

from makegood.channels.email import fetching
from makegood.channels.email.connecting import ImapSettings
from makegood.channels.email.fetching import Watched
from makegood.channels.email.imap import Folder
from makegood.channels.errors import SourceFailed
from makegood.errors import Refused
from makegood.eventlog.events import SYSTEM
from makegood.inboxes.actions.managing import note_health
from makegood.inboxes.models import Inbox

log = logging.getLogger(__name__)
LOOK_SECONDS = 2.0
DATABASE_SECONDS = 1.0
IDLE_SECONDS = 20.0  # below the lease's 30, so that the lease never runs out while we wait


class Listener:
    """One thread for one folder. A server that fails is tried again after 5, 10, 20 … up to 300 seconds."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self._poller = f"{os.getpid()}:{secrets.token_hex(6)}"
        self._stop = threading.Event()
        self._is_well: bool | None = None
        self._pause = 5.0
        name = f"imap-{watched.inbox.pk}-{watched.folder}"
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
                self._watch()
            except (SourceFailed, Refused) as failed:
                self._note(good=False, said=str(failed))
                self._wait_longer()
            except DatabaseError:
                log.exception("the database failed while fetching; trying again")
                connection.close()
                self._stop.wait(DATABASE_SECONDS)  # ours, and soon back: no reason to spare it as a stranger's server
        try:
            fetching.release(self._poller)
        except DatabaseError:
            log.warning("could not hand back the lease of %s", self.watched.folder)
        connection.close()

    def _watch(self) -> None:
        """One connection, for as long as it lives."""
        if fetching.lease(self.watched, self._poller) is None:
            self._stop.wait(LOOK_SECONDS)
            return
        marks_seen = bool(self.watched.inbox.settings.get("imap", {}).get("mark_seen"))
        writable = marks_seen and not self.watched.settings.trial
        with Folder(self.watched.settings.server, self.watched.folder, writable=writable) as folder:
            self._pause = 5.0
            while not self._stop.is_set():
                mark = fetching.lease(self.watched, self._poller)
                if mark is None:
                    return
                fetching.fetch_new(self.watched, folder, mark, self._stop)
                self._note(good=True)
                if not fetching.fetch_history(self.watched, folder, mark):
                    self._wait(folder)

    def _wait(self, folder: Folder) -> None:
        seconds = min(float(self.watched.settings.poll_seconds), IDLE_SECONDS)
        if not folder.wait(seconds) and not folder.idles:
            self._stop.wait(seconds)

    def _wait_longer(self) -> None:
        self._stop.wait(self._pause)
        self._pause = min(self._pause * 2, 300.0)

    def _note(self, *, good: bool, said: str = "") -> None:
        """Trouble is told each time; that all is well only once, so that it does not cover another folder's trouble."""
        if not good or self._is_well is not True:
            note_health(self.watched.inbox, good=good, said=said, by=SYSTEM)
        self._is_well = good


class Listening:
    """Keeps one listener for each folder of each active inbox, and follows changes of their settings."""

    def __init__(self) -> None:
        self._listeners: dict[tuple[int, str], Listener] = {}

    def look(self) -> None:
        """Start what is missing, stop what is no longer wanted. Called every few seconds."""
        wanted = {(watched.inbox.pk, watched.folder): watched for watched in watched_folders()}
        for key, listener in list(self._listeners.items()):
            if key not in wanted or _differs(wanted[key], listener.watched) or not listener.lives:
                listener.stop()
                del self._listeners[key]
        for key, watched in wanted.items():
            if key not in self._listeners:
                self._listeners[key] = Listener(watched)

    def stop(self) -> None:
        """End all."""
        for listener in self._listeners.values():
            listener.stop()


def watched_folders() -> Iterator[Watched]:
    """Every folder that is to be read; an inbox whose secrets cannot be opened is marked bad instead."""
    for inbox in Inbox.objects.filter(is_active=True, channel="email"):
        try:
            settings = ImapSettings.of(inbox)
        except Refused as refused:
            note_health(inbox, good=False, said=str(refused), by=SYSTEM)
            continue
        if settings is not None:
            for folder in settings.folders:
                yield Watched(inbox, folder, settings)
            if settings.sent_folder:
                yield Watched(inbox, settings.sent_folder, settings, is_sent=True)


def _differs(one: Watched, other: Watched) -> bool:
    """Only what concerns fetching: a tested or looked-up inbox need not connect anew."""
    return one.settings != other.settings or one.inbox.settings.get("imap") != other.inbox.settings.get("imap")
