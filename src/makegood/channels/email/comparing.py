"""Is everything here that the server has? Each folder's messages are compared with what we stored, once a day.

A message that was deleted at the server stays with us; one that the server has and we lack is fetched by its UID.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from makegood.channels.email.fetching import SLOW_CLOCK, Watched, source_key
from makegood.channels.email.imap import Fetched, Folder
from makegood.channels.intake import Arriving, take_in
from makegood.channels.models import FolderMark, RawMessage
from makegood.clock.now import now
from makegood.conversations.envelope import Raw


@dataclass(frozen=True, slots=True)
class Compared:
    """How many messages of a folder the server has within what we want, and which UIDs of them we lack."""

    folder: str
    at_server: int
    missing: tuple[int, ...]


def compare(watched: Watched, folder: Folder, mark: FolderMark) -> Compared:
    """Reads UIDs only. What is above the mark, or old mail not yet fetched, is on its way and not missing."""
    if mark.began_at is None or folder.state().uidvalidity != mark.uidvalidity:
        return Compared(watched.folder, 0, ())
    stored = _stored(watched, mark)
    there = _there(folder, mark.history_until, mark.uid)
    if mark.history_uid >= mark.history_until:
        # SEARCH knows days only, and those by the server's zone: of old mail the first two days are left out.
        since = (mark.since + timedelta(days=2)).date() if mark.since else None
        there = _there(folder, 0, mark.history_until, since) + there
    missing = tuple(uid for uid in there if uid not in stored)
    FolderMark.objects.filter(pk=mark.pk).update(compared_at=now())
    return Compared(watched.folder, len(there), missing)


def fetch_missing(watched: Watched, folder: Folder, mark: FolderMark, compared: Compared) -> int:
    """Store them as if they had just been found; the mark stays where it is. Says how many there were."""
    count = 0
    for batch in folder.fetch(list(compared.missing)):
        take_in([_arriving(watched, mark, message) for message in batch])
        count += len(batch)
    return count


def _there(folder: Folder, above: int, until: int, since: date | None = None) -> list[int]:
    """UIDs in (above, until]; an empty span is not asked for, since IMAP reads 5:4 as 4:5 (RFC 3501, 9)."""
    return folder.uids(above=above, until=until, since=since) if until > above else []


def _stored(watched: Watched, mark: FolderMark) -> set[int]:
    prefix = source_key(watched.folder, mark.uidvalidity, "")
    keys = RawMessage.objects.filter(inbox=watched.inbox, source_key__startswith=prefix)
    uids = (key.removeprefix(prefix) for key in keys.values_list("source_key", flat=True).iterator())
    return {int(uid) for uid in uids if uid.isdecimal()}


def _arriving(watched: Watched, mark: FolderMark, message: Fetched) -> Arriving:
    return Arriving(
        watched.inbox,
        Raw(
            source_key(watched.folder, mark.uidvalidity, message.uid),
            message.content,
            min(message.internal_date, now()),
        ),
        is_history=_is_history(mark.began_at, message.internal_date),
        is_outgoing=watched.is_sent,
    )


def _is_history(began_at: datetime | None, at: datetime) -> bool:
    return began_at is not None and at < began_at - SLOW_CLOCK
