"""Stored before it is understood: raw bytes are committed durably, only then may the source be told "received"."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.db import connection, transaction

from makegood.channels.errors import SourceFailed
from makegood.channels.models import OutboxMail, RawMessage
from makegood.clock.now import now
from makegood.conversations.envelope import Outgoing, Raw
from makegood.files.storing import root, write_durably
from makegood.files.sweeping import STORED, ids_of, stored, sweep
from makegood.inboxes.models import Inbox
from makegood.jobs.waking import ring

IN_ROW = 256 * 1024
MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Arriving:
    """One raw message for one inbox, and what the source says of it."""

    inbox: Inbox
    raw: Raw
    is_history: bool = False
    is_outgoing: bool = False
    has_null_sender: bool | None = None


@dataclass(frozen=True, slots=True)
class Catch:
    """What a source has fetched at once; `note` runs in the transaction that stores it, such as to move a mark."""

    arriving: Sequence[Arriving] = ()
    note: Callable[[], object] | None = None

    @property
    def is_empty(self) -> bool:
        """Nothing there, and all is well."""
        return not self.arriving and self.note is None


def take(catch: Catch) -> int:
    """Store it and its note in one transaction; says how many there were. Raises SourceFailed when there is no room."""
    if catch.is_empty:
        return 0
    try:
        with transaction.atomic():
            if catch.arriving:
                take_in(catch.arriving)
            if catch.note:
                catch.note()
    except OSError as error:  # our own disk, not the server's line
        raise SourceFailed(f"Mail could not be stored here ({error.strerror or error}). Is the disk full?") from error
    return len(catch.arriving)


def take_in(arriving: Sequence[Arriving]) -> list[int]:
    """Store all of them in one transaction; when this returns, they are on the disk. Known ones are stored once.

    The ids are in the order given. Errors (disk full, database gone) rise: the source must not be told "received".
    """
    rows = [_row(a) for a in arriving]
    with transaction.atomic():
        RawMessage.objects.bulk_create(rows, ignore_conflicts=True)
        ring()
        keys = {(row.inbox_id, row.source_key) for row in rows}
        stored = RawMessage.objects.filter(
            inbox_id__in={inbox for inbox, _ in keys}, source_key__in=[key for _, key in keys]
        ).values_list("inbox_id", "source_key", "id")
        ids = {(inbox, key): id_ for inbox, key, id_ in stored}
    return [ids[row.inbox_id, row.source_key] for row in rows]


def content_of(row: RawMessage | OutboxMail) -> bytes:
    """The bytes as they came, or as they leave."""
    return _file_of(row).read_bytes() if row.path else bytes(row.content or b"")


def outgoing_of(mail: OutboxMail) -> Outgoing:
    """What leaves at this and every attempt."""
    message = mail.message
    return Outgoing(str(message.key), message.message_id, mail.sender, tuple(mail.recipients), content_of(mail))


def handed_over(row: RawMessage) -> tuple[bytes, str]:
    """How the parser process is given a raw message: its bytes, or the path of the file that has them."""
    return (b"", str(_file_of(row))) if row.path else (content_of(row), "")


def _file_of(row: RawMessage | OutboxMail) -> Path:
    """Below the folder of files, also when the database is a restored one that somebody else has made: else no file."""
    leads_out = Path(row.path).is_absolute() or ".." in Path(row.path).parts
    return root() / ("gone" if leads_out else row.path)


def source_key_of(content: bytes) -> str:
    """For sources that have no names of their own: the same bytes for the same inbox are the same mail."""
    return f"sha256:{sha256(content).hexdigest()}"


def _row(arriving: Arriving) -> RawMessage:
    content = arriving.raw.content
    digest = sha256(content).hexdigest()
    path = ""
    if len(content) > IN_ROW:
        path = f"raw/{digest[:2]}/{digest}"
        if not _take_into_use(root() / path):
            write_durably(root() / path, content)
    return RawMessage(
        inbox=arriving.inbox,
        source_key=arriving.raw.source_key[:200],
        sha256=digest,
        size=len(content),
        content=None if path else content,
        path=path,
        received_at=arriving.raw.received_at,
        is_history=arriving.is_history,
        is_outgoing=arriving.is_outgoing,
        has_null_sender=arriving.has_null_sender,
    )


def _take_into_use(path: Path) -> bool:
    """The same bytes are there already: another inbox's mail, or a try that was stopped; nobody sweeps them now."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def sweep_files() -> int:
    """Attachments, raw mail and letters on their way whose row was never committed; says how many files."""
    return sweep(STORED, stored) + sweep("raw/??/*", raws) + sweep("outbox/??/*", letters)


def raws(paths: list[str]) -> Iterable[str]:
    """`files.sweeping.Known` of raw mail, by the hash that names its file: paths have no index."""
    hashes = [path.rpartition("/")[2] for path in paths]
    return RawMessage.objects.filter(sha256__in=hashes).values_list("path", flat=True)


def letters(paths: list[str]) -> Iterable[str]:
    """`files.sweeping.Known` of the outbox, by the message's key that names its file."""
    return OutboxMail.objects.filter(message__key__in=ids_of(paths)).values_list("path", flat=True)


class Gate:
    """Many sessions hand in messages at once; one thread stores them, those that wait meanwhile in one transaction.

    The cost of an fsync is shared, and each caller still waits for its own.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[Arriving, Future[int]]] = []
        self._some = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
        self._thread.start()

    def hand_in(self, arriving: Arriving) -> Future[int]:
        """The future is the raw message's id, once it is on the disk; or the error that kept it from there."""
        future: Future[int] = Future()
        with self._some:
            if self._stopped:
                raise RuntimeError("the intake has stopped")
            self._waiting.append((arriving, future))
            self._some.notify()
        return future

    def stop(self) -> None:
        """Store what was handed in, then end."""
        with self._some:
            self._stopped = True
            self._some.notify()
        self._thread.join(30)

    def _run(self) -> None:
        while True:
            with self._some:
                while not self._waiting and not self._stopped:
                    self._some.wait()
                batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            if not batch:
                break
            # Whoever hung up meanwhile was told nothing; from here on nobody can.
            self._store([waiting for waiting in batch if waiting[1].set_running_or_notify_cancel()])
        connection.close()

    @staticmethod
    def _store(batch: list[tuple[Arriving, Future[int]]]) -> None:
        try:
            ids = take_in([arriving for arriving, _ in batch])
        except Exception as error:  # noqa: BLE001  the intake's edge: whatever it is, each source must hear of it
            connection.close()
            for _, future in batch:
                future.set_exception(error)
            return
        for (_, future), id_ in zip(batch, ids, strict=True):
            future.set_result(id_)


def raw_of(content: bytes, source_key: str = "") -> Raw:
    """Bytes that came just now."""
    return Raw(source_key or source_key_of(content), content, now())
