"""What `doctor` looks at: every invariant that the house relies on, each said in words."""

from __future__ import annotations

import shutil
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Exists, F, OuterRef, Q

from makegood.channels.email import doors
from makegood.channels.intake import content_of, letters, raws
from makegood.channels.mailroom import sending_is_paused
from makegood.channels.models import OutboxMail, RawMessage
from makegood.clock.now import now
from makegood.conversations.events import ReplySentAnyway
from makegood.conversations.models import Conversation, Draft, Message, Note
from makegood.eventlog.models import Cursor, LoggedEvent
from makegood.files.models import StoredFile
from makegood.files.storing import path_of
from makegood.files.sweeping import AGE, STORED, orphans, stored
from makegood.inboxes.models import Inbox
from makegood.jobs.models import Job
from makegood.project import unopened
from makegood.project.safekeeping import newest_backup
from makegood.search.models import SearchDocument
from makegood.web import assets

LEAST_FREE = 1024**3
BACKUP_AGE = timedelta(days=2)
CERTIFICATE_LEFT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    about: str
    is_good: bool
    said: str


def examine(*, quick: bool = False) -> Iterator[Finding]:
    """Everything, one finding after the other; `quick` leaves out what reads every stored byte."""
    tables = _migrations()
    yield tables
    if not tables.is_good:
        return  # what is not there yet, or is of another version, cannot be looked at
    if connection.vendor == "sqlite":
        yield _sqlite()
        yield _words_index()
    yield _none("outbox", "letters without exactly one outbox row", _letters_without_outbox())
    yield _none("notes", "notes whose words left in a letter", _notes_in_letters())
    yield _none("order", "conversations whose next due time is not the smaller of the two", _wrong_order())
    yield _none("merges", "messages, notes and drafts that are not where their conversation went", _astray())
    yield _none("search", "messages and notes that cannot be found", _unfindable())
    yield _none("search", "findable documents whose message is gone or elsewhere", _found_elsewhere())
    yield _none("files", "files whose bytes are missing or of another size", _missing_files())
    yield _none("files", "files that no row names and that have not been swept", _unswept())
    if not quick:
        yield _none("raw mail", "raw messages whose bytes differ from what came in", _damaged_raws())
    yield _none("log", "subscribers that are ahead of the log", _cursors_ahead())
    yield _none("jobs", "dead letters (see the page Failed work)", Job.objects.filter(state=Job.DEAD).count())
    yield from _inboxes()
    yield from _key()
    if settings.LMTP:
        yield Finding("LMTP", *doors.answers(settings.LMTP))
    yield from _sending()
    yield _disk()
    yield _backup()
    yield _public_address()
    yield Finding(
        "pages", assets.are_built(), "styles are built" if assets.are_built() else "styles are not built: run bin/setup"
    )


def _none(about: str, what: str, count: int) -> Finding:
    return Finding(about, count == 0, f"no {what}" if not count else f"{count} {what}")


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Finding(
        "database", not pending, "up to date" if not pending else "older than this program: makegood migrate"
    )


def _sqlite() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_key_check")
        broken = len(cursor.fetchall())
        cursor.execute("PRAGMA quick_check")
        checked = cursor.fetchone()[0]
    said = f"{broken} broken foreign keys" if broken else f"SQLite says: {checked}"
    return Finding("database", not broken and checked == "ok", said)


def _words_index() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_words(search_words, rank) VALUES ('integrity-check', 0)")
    except DatabaseError as error:
        return Finding("search", False, f"the index of words is damaged: {error}")
    return Finding("search", True, "the index of words is whole")


def _letters_without_outbox() -> int:
    """Written here, past undo, and neither in the outbox nor taken over from elsewhere (those have a raw message).

    One of which no mail could be made has failed without ever being in the outbox.
    """
    written = Message.objects.filter(direction=Message.OUT, raw_id=None)
    written = written.exclude(state__in=[Message.WAITING, Message.FAILED])
    return written.filter(~Exists(OutboxMail.objects.filter(message=OuterRef("pk")))).count()


def _notes_in_letters() -> int:
    """A letter that holds the whole text of a note of its conversation (of twenty characters or more).

    What somebody sent after they were asked about it is no fault.
    """
    anyway = LoggedEvent.objects.filter(name=ReplySentAnyway.name).values_list("data__message_id", flat=True)
    ours = Message.objects.filter(direction=Message.OUT, conversation__notes__isnull=False)
    ours = ours.exclude(pk__in=list(anyway))
    with_notes = ours.annotate(note=F("conversation__notes__text")).values_list("text", "note").iterator()
    return sum(1 for text, note in with_notes if len(note) >= 20 and note.strip() in text)


def _wrong_order() -> int:
    due = Q(promise_due_at__isnull=False) | Q(standard_due_at__isnull=False)
    right = Q(next_due_at=F("promise_due_at")) | Q(next_due_at=F("standard_due_at"))
    late = Q(next_due_at__gt=F("promise_due_at")) | Q(next_due_at__gt=F("standard_due_at"))
    return Conversation.objects.filter(due).exclude(right).count() + Conversation.objects.filter(due & late).count()


def _astray() -> int:
    """Each stands where its home, or the conversation it began in, was merged to in the end."""
    gone = Conversation.objects.filter(merged_into__isnull=False)
    into = dict(gone.values_list("pk", "merged_into"))
    count = gone.exclude(status=Conversation.MERGED).count()
    count += Conversation.objects.filter(status=Conversation.MERGED, merged_into=None).count()
    for words in (Message, Note, Draft):
        count += words.objects.filter(conversation__merged_into__isnull=False).count()
        moved = words.objects.filter(home__isnull=False).exclude(conversation__merged_into__isnull=False)
        for here, home in moved.values_list("conversation", "home").iterator():
            while home in into:
                home = into[home]
            count += here != home
    return count


def _unfindable() -> int:
    """NOT EXISTS, here and below: NOT IN takes PostgreSQL a time that grows with the square of the data."""
    found = SearchDocument.objects.filter(object_id=OuterRef("pk"))
    messages = Message.objects.filter(~Exists(found.filter(kind="message")))
    notes = Note.objects.filter(~Exists(found.filter(kind="note")))
    return messages.count() + notes.count()


def _found_elsewhere() -> int:
    """Under another conversation, or for those who may open another inbox."""
    place = {
        "pk": OuterRef("object_id"),
        "conversation": OuterRef("conversation_id"),
        "conversation__inbox": OuterRef("scope"),
    }
    messages = SearchDocument.objects.filter(~Exists(Message.objects.filter(**place)), kind="message")
    notes = SearchDocument.objects.filter(~Exists(Note.objects.filter(**place)), kind="note")
    return messages.count() + notes.count()


def _missing_files() -> int:
    missing = 0
    for file in StoredFile.objects.iterator():
        path = path_of(file)
        missing += not path.is_file() or path.stat().st_size != file.size
    return missing


def _unswept() -> int:
    """The nightly sweep takes them after two days; those older than three say that it does not run."""
    kinds = ((STORED, stored), ("raw/??/*", raws), ("outbox/??/*", letters))
    return sum(1 for pattern, known in kinds for _ in orphans(pattern, known, age=AGE + timedelta(days=1)))


def _damaged_raws() -> int:
    damaged = 0
    for raw in RawMessage.objects.iterator(chunk_size=50):
        try:
            damaged += sha256(content_of(raw)).hexdigest() != raw.sha256
        except OSError:
            damaged += 1
    return damaged


def _cursors_ahead() -> int:
    newest = LoggedEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
    return Cursor.objects.filter(position__gt=newest).count()


def _inboxes() -> Iterator[Finding]:
    for inbox in Inbox.objects.filter(is_active=True).exclude(health=""):
        yield Finding(inbox.address, inbox.health == "good", inbox.health_said or "mail comes in")


def _key() -> Iterator[Finding]:
    closed = list(unopened.shut())
    for line in closed:
        yield Finding("secret key", False, f"another one sealed what is kept for {line}")
    if not closed:
        yield Finding("secret key", True, "opens the passwords that are kept")


def _sending() -> Iterator[Finding]:
    if sending_is_paused():
        yield Finding("sending", True, "paused, since this copy was restored: makegood serve --resume-sending")


def _disk() -> Finding:
    free = shutil.disk_usage(settings.DATA).free
    return Finding("disk", free > LEAST_FREE, f"{free // 1024**2} MB free where the data lies")


def _backup() -> Finding:
    newest = newest_backup()
    if newest is None:
        return Finding("backup", True, "none yet; the first is made in the coming night")
    age = now() - datetime.fromtimestamp(newest.stat().st_mtime, UTC)
    return Finding("backup", age < BACKUP_AGE, f"the newest is {age.days} days and {age.seconds // 3600} hours old")


def _public_address() -> Finding:
    """Passkeys, push and sign-in redirects need HTTPS; plain http is fine on this machine alone."""
    public = urlsplit(settings.PUBLIC_URL)
    host = public.hostname or ""
    if public.scheme != "https":
        local = host in {"127.0.0.1", "localhost", "::1"}
        said = "http on this machine" if local else f"{settings.PUBLIC_URL} is not encrypted: see docs/running.md"
        return Finding("address", local, said)
    try:
        line = socket.create_connection((host, public.port or 443), 5)
        with ssl.create_default_context().wrap_socket(line, server_hostname=host) as secure:
            certificate = secure.getpeercert() or {}
        left = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC) - now()
        return Finding("address", left > CERTIFICATE_LEFT, f"the certificate of {host} is valid for {left.days} days")
    except (OSError, KeyError) as error:
        return Finding("address", False, f"{settings.PUBLIC_URL} cannot be reached from here: {error}")
