"""Folders as sources: fetch what is new, then wait with IDLE or for the poll time."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Generator, Iterator

from makegood.channels.channel import Source
from makegood.channels.email import fetching
from makegood.channels.email.connecting import ImapSettings
from makegood.channels.email.fetching import Watched
from makegood.channels.email.imap import Folder
from makegood.channels.intake import Catch
from makegood.errors import Refused
from makegood.eventlog.events import SYSTEM
from makegood.inboxes.actions.managing import note_health
from makegood.inboxes.models import Inbox

IDLE_SECONDS = 20.0  # below the lease's 30, so that the lease never runs out while we wait


class FolderSource:
    """One folder of one inbox; its lease makes it one poller's alone. See `Source`."""

    def __init__(self, watched: Watched) -> None:
        self.watched, self.inbox, self.name = watched, watched.inbox, watched.folder
        self._poller = f"{os.getpid()}:{secrets.token_hex(6)}"

    def is_like(self, other: Source) -> bool:
        """Only what concerns fetching: a tested or looked-up inbox need not connect anew."""
        assert isinstance(other, FolderSource)
        one, known = self.watched, other.watched
        return one.settings == known.settings and one.inbox.settings.get("imap") == known.inbox.settings.get("imap")

    def listen(self, stop: threading.Event) -> Generator[Catch]:
        """One connection, for as long as it lives."""
        if fetching.lease(self.watched, self._poller) is None:
            return
        marks_seen = bool(self.inbox.settings.get("imap", {}).get("mark_seen"))
        writable = marks_seen and not self.watched.settings.trial
        with Folder(self.watched.settings.server, self.name, writable=writable) as folder:
            while not stop.is_set():
                mark = fetching.lease(self.watched, self._poller)
                if mark is None:
                    return
                yield from fetching.fetch_new(self.watched, folder, mark, stop)
                yield Catch()
                if not (yield from fetching.fetch_history(self.watched, folder, mark)):
                    self._wait(folder, stop)

    def release(self) -> None:
        fetching.release(self._poller)

    def _wait(self, folder: Folder, stop: threading.Event) -> None:
        seconds = min(float(self.watched.settings.poll_seconds), IDLE_SECONDS)
        if not folder.wait(seconds) and not folder.idles:
            stop.wait(seconds)


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
