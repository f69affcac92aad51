"""Everything in open formats: tables as JSON Lines, mail as .eml, files under their names. For leaving, or for looking.

Secrets and what only the machine needs (passwords, sessions, invitations, marks, jobs) stay behind; see `LEFT_OUT`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from makegood.agents.actions.auditing import note_export
from makegood.agents.models import Agent, DaysOff, House, Team, WorkingHours
from makegood.channels.intake import content_of
from makegood.channels.models import Attempt, OutboxMail, RawMessage
from makegood.clock.now import now
from makegood.contacts.models import Company, Contact, Handle
from makegood.conversations.models import (
    Attachment,
    AutomaticAnswers,
    Conversation,
    Delivery,
    Draft,
    Follow,
    Merge,
    Message,
    Note,
    Parted,
    Participant,
    Split,
    Tag,
)
from makegood.errors import Refused
from makegood.eventlog.models import LoggedEvent
from makegood.files.models import StoredFile
from makegood.files.storing import path_of
from makegood.inboxes.models import Inbox
from makegood.standards.models import AnswerTarget, ReadyAnswer
from makegood.text.filenames import clean, in_bytes

FORMAT = 1
AT_ONCE = 50  # rows in memory: a message may have megabytes of HTML
TOLD_EACH = 500
A_FOLDER = 1000  # mails in one folder, so that none becomes too large to open

# What is written while we read points up this list, so whatever a row names comes after it and is there.
TABLES: dict[str, tuple[type[Model], frozenset[str]]] = {
    "events": (LoggedEvent, frozenset()),
    "attempts": (Attempt, frozenset()),
    "outbox": (OutboxMail, frozenset({"content", "path", "lease_until"})),
    "deliveries": (Delivery, frozenset()),
    "attachments": (Attachment, frozenset()),
    "parted": (Parted, frozenset()),
    "splits": (Split, frozenset()),
    "merges": (Merge, frozenset()),
    "follows": (Follow, frozenset()),
    "drafts": (Draft, frozenset()),
    "notes": (Note, frozenset()),
    "messages": (Message, frozenset()),
    "raw_messages": (RawMessage, frozenset({"content", "path", "lease_until"})),
    "files": (StoredFile, frozenset()),
    "conversation_tags": (Tag.conversations.through, frozenset()),
    "tags": (Tag, frozenset()),
    "participants": (Participant, frozenset()),
    "automatic_answers": (AutomaticAnswers, frozenset()),
    "conversations": (Conversation, frozenset({"token"})),
    "handles": (Handle, frozenset()),
    "contacts": (Contact, frozenset()),
    "companies": (Company, frozenset()),
    "inbox_teams": (Inbox.teams.through, frozenset()),
    "inboxes": (Inbox, frozenset({"secrets", "settings"})),
    "team_members": (Team.members.through, frozenset()),
    "teams": (Team, frozenset()),
    "agents": (Agent, frozenset({"password"})),
    "ready_answers": (ReadyAnswer, frozenset()),
    "answer_targets": (AnswerTarget, frozenset()),
    "days_off": (DaysOff, frozenset()),
    "working_hours": (WorkingHours, frozenset()),
    "house": (House, frozenset()),
}

README = """\
Everything that Makegood kept, made {made_at}.

*.jsonl         one table each, one JSON object a line; what ends in _id is the id of a row in another table.
                Times are in UTC. "files" tells the name and SHA-256 of each file.
mail/received   every mail exactly as it came in, as raw_messages.id.eml
mail/sent       every mail exactly as it left, as messages.id.eml
files           every attachment under its own name, in a folder named by its id

Not in here: passwords, access to mail servers, sign-ins, and work that was waiting. The mail itself holds
what every mail holds, such as the reply addresses by which its answers find their conversation.
Any mail program opens .eml; any spreadsheet or database reads JSON Lines.
"""


@dataclass(slots=True)
class Told:
    """How far it is: rows, mails and files so far, and about how many there are."""

    done: int = 0
    total: int = 0


def export(folder: Path, tell: Callable[[Told], None]) -> Told:
    """Into a new or empty folder, which nobody but its owner may open; it goes on while Makegood runs.

    `about.json` is written last: without it an export is not whole. Raises Refused when the folder is not empty or
    cannot be written.
    """
    try:
        _make_folder(folder)
        if any(folder.iterdir()):
            raise Refused(f"{folder} is not empty. Name a new folder, so that nothing in it is mixed or replaced.")
        note_export()
        return _exported(folder, tell)
    except OSError as error:
        raise Refused(f"The export could not be written to {folder}: {error.strerror or error}") from error


def _exported(folder: Path, tell: Callable[[Told], None]) -> Told:
    told, counts = Told(total=sum(rows.objects.count() for rows in _counted())), dict[str, int]()
    for name, (model, left_out) in TABLES.items():
        counts[name] = _write_table(folder / f"{name}.jsonl", model, left_out, told, tell)
    for name, mails in {"received": _received(), "sent": _sent()}.items():
        for number, content in mails:
            _write(folder / "mail" / name / f"{number // A_FOLDER}" / f"{number}.eml", content)
            _count(told, tell)
    for file in StoredFile.objects.iterator(AT_ONCE):
        _copy(path_of(file), folder / "files" / str(file.id) / in_bytes(clean(file.name, "file")))
        _count(told, tell)
    made_at = now().isoformat(timespec="seconds")
    _write(folder / "README.txt", README.format(made_at=made_at).encode())
    _write(folder / "about.json", json.dumps({"format": FORMAT, "made_at": made_at, "rows": counts}, indent=1).encode())
    return told


def _counted() -> list[Any]:
    """Tables, and what has bytes of its own beside its row."""
    return [*(model for model, _ in TABLES.values()), RawMessage, OutboxMail, StoredFile]


def columns(model: type[Model], left_out: frozenset[str]) -> list[str]:
    """Of a table, by the names of the model."""
    return [field.attname for field in model._meta.concrete_fields if field.attname not in left_out]


def _write_table(
    path: Path, model: type[Model], left_out: frozenset[str], told: Told, tell: Callable[[Told], None]
) -> int:
    rows: Iterable[dict[str, Any]] = model._default_manager.order_by("pk").values(*columns(model, left_out))
    count = 0
    with _new(path).open("w", encoding="utf-8") as lines:
        for row in rows.iterator(AT_ONCE):  # type: ignore[attr-defined]
            lines.write(json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n")
            count += 1
            _count(told, tell)
    return count


def _received() -> Iterator[tuple[int, bytes]]:
    for row in RawMessage.objects.order_by("pk").iterator(AT_ONCE):
        yield row.pk, content_of(row)


def _sent() -> Iterator[tuple[int, bytes]]:
    for mail in OutboxMail.objects.order_by("pk").iterator(AT_ONCE):
        yield mail.message_id, content_of(mail)


def _copy(source: Path, target: Path) -> None:
    """A file whose bytes are gone is told by `doctor`; the rest is not kept back for it."""
    try:
        content = source.read_bytes()
    except FileNotFoundError:
        return
    _write(target, content)


def _write(path: Path, content: bytes) -> None:
    _new(path).write_bytes(content)


def _new(path: Path) -> Path:
    _make_folder(path.parent)
    path.touch(mode=0o600)
    return path


def _make_folder(folder: Path) -> None:
    """With its parents, all of them the owner's alone."""
    if not folder.exists():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700)


def _count(told: Told, tell: Callable[[Told], None]) -> None:
    told.done += 1
    if told.done % TOLD_EACH == 0:
        tell(told)
