"""An export holds everything that people wrote, in formats that anything reads, and no secret."""

from __future__ import annotations

import getpass
import json
import os
from email import message_from_bytes
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from tests.counterparts.ports import free_port

from makegood.agents.models import Invitation
from makegood.channels.tests.factories import mail, queued, read, wired
from makegood.clock.now import now
from makegood.conversations.models import Conversation, Message
from makegood.conversations.tests.factories import agent
from makegood.errors import Refused
from makegood.eventlog.models import LoggedEvent
from makegood.files.models import StoredFile
from makegood.inboxes.models import Inbox
from makegood.project.exporting import TABLES, Told, columns, export

pytestmark = pytest.mark.django_db

STAY = {
    "agents.Invitation": "a way in",
    "channels.FolderMark": "how far a mail server was read",
    "channels.ProbeNote": "which notes of connection tests were sent",
    "eventlog.Cursor": "how far the log was read",
    "jobs.Job": "work of the machine",
    "jobs.Schedule": "work of the machine",
    "live.Presence": "of this minute alone",
    "search.SearchDocument": "made again from messages",
}
FILE = "\r\n".join((
    "MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="b"', "", "--b", "", "The pole cracked.", "--b",
    'Content-Type: text/plain; name="=?utf-8?q?R=C3=A9sum=C3=A9=2Etxt?="', "Content-Disposition: attachment", "",
    "Photos", "--b--", "",
))  # fmt: skip


def no_word(_: Told) -> None:
    """Nobody watches."""


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture
def care() -> Inbox:
    return wired(free_port())


@pytest.fixture
def with_file(care: Inbox) -> bytes:
    head = mail("x").partition(b"\r\n\r\n")[0]
    content = head + b"\r\n" + FILE.encode()
    read(content, care)
    return content


def test_mail_comes_out_as_it_came_in_and_as_it_left(care: Inbox, with_file: bytes, tmp_path: Path) -> None:
    left = queued(care, "On its way.")

    export(tmp_path / "all", no_word)

    (received,) = (tmp_path / "all" / "mail" / "received").rglob("*.eml")
    (sent,) = (tmp_path / "all" / "mail" / "sent").rglob("*.eml")
    assert received.read_bytes() == with_file
    assert rows(tmp_path / "all", "raw_messages")[0]["id"] == int(received.stem)
    assert message_from_bytes(sent.read_bytes())["Message-ID"] == left.message.message_id
    assert int(sent.stem) == left.message_id


def test_files_have_their_names_and_their_bytes(with_file: bytes, tmp_path: Path) -> None:
    export(tmp_path / "all", no_word)

    (row,) = rows(tmp_path / "all", "files")
    (file,) = (path for path in (tmp_path / "all" / "files").rglob("*") if path.is_file())
    assert file == tmp_path / "all" / "files" / row["id"] / "Résumé.txt"
    assert sha256(file.read_bytes()).hexdigest() == row["sha256"]


def test_a_name_that_no_file_system_takes_is_cut_and_stops_nothing(with_file: bytes, tmp_path: Path) -> None:
    StoredFile.objects.update(name=f"{'天' * 146}.pdf")  # 442 bytes; a stranger's mail names its files

    export(tmp_path / "all", no_word)

    (file,) = (path for path in (tmp_path / "all" / "files").rglob("*") if path.is_file())
    assert file.name == f"{'天' * 83}.pdf"
    assert (tmp_path / "all" / "about.json").exists()


def test_a_name_in_a_database_that_somebody_else_made_leads_out_of_no_export(with_file: bytes, tmp_path: Path) -> None:
    StoredFile.objects.update(name="../../../../planted")

    export(tmp_path / "all", no_word)

    assert [path.parent.parent.name for path in tmp_path.rglob("planted")] == ["files"]


def test_every_row_of_every_table_is_there_and_names_rows_that_are_there(
    care: Inbox, with_file: bytes, tmp_path: Path
) -> None:
    queued(care)

    told = export(tmp_path / "all", no_word)

    about = json.loads((tmp_path / "all" / "about.json").read_text())
    counts = {name: model._default_manager.count() for name, (model, _) in TABLES.items()}
    assert about["rows"] == counts == {name: len(rows(tmp_path / "all", name)) for name in TABLES}
    assert told.done == told.total
    conversations = {row["id"] for row in rows(tmp_path / "all", "conversations")}
    assert {row["conversation_id"] for row in rows(tmp_path / "all", "messages")} <= conversations
    assert conversations == set(Conversation.objects.values_list("pk", flat=True))


def test_no_secret_is_in_it(care: Inbox, with_file: bytes, tmp_path: Path) -> None:
    canary = "canary-7f3a"
    Inbox.objects.update(secrets=canary, settings={"smtp": {"user": canary}})
    person = agent(password=canary)
    Conversation.objects.update(token=canary)
    Invitation.objects.create(email="x@quillfeather.example", role="agent", token_hash=canary, expires_at=now())
    Session.objects.create(session_key=canary, session_data=canary, expire_date=now())

    export(tmp_path / "all", no_word)

    written = [path.read_bytes() for path in (tmp_path / "all").rglob("*") if path.is_file()]
    assert not [content for content in written if canary.encode() in content]
    assert [row["name"] for row in rows(tmp_path / "all", "agents")] == [person.name]


def test_a_new_column_or_table_is_decided_upon() -> None:
    """Whoever adds one says whether it leaves the house: its name stands here, or in `TABLES`, or in `STAY`."""
    ours = {m for m in apps.get_models(include_auto_created=True) if m.__module__.startswith("makegood.")}
    exported = {model for model, _ in TABLES.values()}
    undecided = {model._meta.label for model in ours - exported} - set(STAY) - {"agents.Invitation_teams"}
    names = {f"{name}.{column}" for name, (model, left_out) in TABLES.items() for column in columns(model, left_out)}
    sensitive = [name for name in names if any(word in name for word in ("secret", "password", "token", "lease"))]
    assert undecided == set()
    assert sensitive == []
    assert all(set(left_out) <= set(columns(model, frozenset())) for model, left_out in TABLES.values())


def test_nobody_else_may_open_it(with_file: bytes, tmp_path: Path) -> None:
    umask = os.umask(0)
    try:
        export(tmp_path / "all", no_word)
    finally:
        os.umask(umask)

    modes = {path.stat().st_mode & 0o777 for path in [tmp_path / "all", *(tmp_path / "all").rglob("*")]}
    assert modes == {0o700, 0o600}


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(Refused, match="is not empty"):
        export(tmp_path, no_word)

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(Refused, match="could not be written"):
        export(tmp_path / "file" / "all", no_word)


def test_words_of_all_scripts_and_lines_survive(care: Inbox, tmp_path: Path) -> None:
    message = read(mail("x"), care)
    text = "Grüße \u2028 مرحبا 你好 😀\r\n=SUM(A1)"
    Message.objects.filter(pk=message.pk).update(text=text)

    export(tmp_path / "all", no_word)

    lines = (tmp_path / "all" / "messages.jsonl").read_bytes().split(b"\n")
    assert [json.loads(line)["text"] for line in lines if line] == [text]


def test_an_export_is_in_the_audit_and_one_that_was_refused_is_not(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").touch()
    with pytest.raises(Refused):
        export(tmp_path / "full", lambda _: None)
    export(tmp_path / "new", lambda _: None)

    told = [(row.actor, row.data) for row in LoggedEvent.objects.filter(name="house.exported")]
    assert told == [("system:", {"user": getpass.getuser()})]
