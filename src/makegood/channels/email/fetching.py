"""What is new in a folder comes in: everything above the mark, stored together with the mark's new place."""

from __future__ import annotations

import threading
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from makegood.channels.email.connecting import ImapSettings
from makegood.channels.email.imap import Fetched, Folder
from makegood.channels.intake import Arriving, Catch
from makegood.channels.models import FolderMark
from makegood.clock.now import now
from makegood.conversations.envelope import Raw
from makegood.database import leasing
from makegood.inboxes.models import Inbox

LONG_NAME = 120
HISTORY_AT_ONCE = 100
SLOW_CLOCK = timedelta(minutes=10)  # so far may a mail server's clock be behind ours


@dataclass(frozen=True, slots=True)
class Watched:
    """One folder of one inbox. `start`: "now", "90days" or "all" (what the first connection asks)."""

    inbox: Inbox
    folder: str
    settings: ImapSettings
    is_sent: bool = False

    @property
    def start(self) -> str:
        return str(self.inbox.settings.get("imap", {}).get("start") or "now")


def lease(watched: Watched, poller: str) -> FolderMark | None:
    """This folder's mark, for 30 seconds mine alone, background and by hand alike; None while another has it."""
    mark, _ = FolderMark.objects.get_or_create(
        inbox=watched.inbox, folder=watched.folder, defaults={"began_at": now().replace(microsecond=0)}
    )
    if not leasing.take(mark, holder="poller", name=poller):
        return None
    mark.refresh_from_db()
    return mark


def release(poller: str) -> None:
    """At a clean stop."""
    FolderMark.objects.filter(poller=poller).update(poller="", lease_until=0)


def release_all() -> None:
    """At the start of a lone server: no poller but a dead one can have a folder, so it is fetched from at once.

    `serve` holds a lock on the data folder that its children inherit: it is free only when the last of them is gone.
    """
    FolderMark.objects.filter(lease_until__gt=0).update(poller="", lease_until=0)


def fetch_new(
    watched: Watched, folder: Folder, mark: FolderMark, stop: threading.Event | None = None
) -> Generator[Catch]:
    """Everything above the mark, whatever date it has; the server is told of it once it is stored."""
    state = folder.state()
    if mark.uidvalidity != state.uidvalidity:
        _begin(watched, folder, mark, state.uidvalidity, state.uidnext)
    _note_polled(mark)
    if state.uidnext <= mark.uid + 1:
        return
    for batch in folder.fetch(folder.uids(above=mark.uid)):
        yield from _caught(watched, mark, batch, uid=batch[-1].uid)
        if watched.inbox.settings.get("imap", {}).get("mark_seen") and not watched.settings.trial:
            folder.mark_seen([message.uid for message in batch])
        if stop and stop.is_set():
            break


def fetch_history(watched: Watched, folder: Folder, mark: FolderMark) -> Generator[Catch, None, bool]:
    """The next hundred old messages; False when all are here. Can be stopped and taken up again at any point."""
    if mark.history_uid >= mark.history_until:
        return False
    since = mark.since.date() if mark.since else None
    uids = folder.uids(above=mark.history_uid, until=mark.history_until, since=since)[:HISTORY_AT_ONCE]
    if not uids:
        mark.history_uid = mark.history_until
        mark.save(update_fields=["history_uid"])
        return False
    for batch in folder.fetch(uids):
        wanted = [message for message in batch if mark.since is None or message.internal_date >= mark.since]
        yield from _caught(watched, mark, wanted, history_uid=batch[-1].uid)
    return True


def _begin(watched: Watched, folder: Folder, mark: FolderMark, uidvalidity: int, uidnext: int) -> None:
    """The first look, or the folder was rebuilt: then all is read again, and what we have is recognised.

    "From now on" counts from the first try to connect: mail that came until a password was right is not left behind.
    """
    if not mark.uidvalidity:
        mark.began_at = mark.began_at or now().replace(microsecond=0)
        mark.since = mark.began_at if watched.start == "now" else mark.began_at - timedelta(days=90)
        if watched.start == "all":
            mark.since = None
    mark.uidvalidity, mark.uid = uidvalidity, uidnext - 1
    mark.history_uid = 0
    mark.history_until = uidnext - 1
    mark.save()


def source_key(folder: str, uidvalidity: int, uid: object) -> str:
    """The name of a message at its source; a long folder's name is hashed, so that no UID is ever cut off."""
    known = folder if len(folder) <= LONG_NAME else sha256(folder.encode()).hexdigest()
    return f"imap:{known}:{uidvalidity}:{uid}"


def _caught(watched: Watched, mark: FolderMark, batch: list[Fetched], **place: int) -> Generator[Catch]:
    """Raw bytes and the mark's new place; whoever asks for more has stored both."""
    arriving = [
        Arriving(
            watched.inbox,
            Raw(source_key(watched.folder, mark.uidvalidity, message.uid), message.content, _received(message)),
            is_history=mark.began_at is not None and message.internal_date < mark.began_at - SLOW_CLOCK,
            is_outgoing=watched.is_sent,
        )
        for message in batch
    ]
    yield Catch(arriving, lambda: FolderMark.objects.filter(pk=mark.pk).update(**place))
    for name, value in place.items():
        setattr(mark, name, value)


def _received(message: Fetched) -> datetime:
    return min(message.internal_date, now())


def _note_polled(mark: FolderMark) -> None:
    FolderMark.objects.filter(pk=mark.pk).update(polled_at=now())
