"""Passwords, keys and links that open something stand in no log, not readable in the database, and in no backup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.counterparts.dovecot import USER, dovecot
from tests.counterparts.makegood import ADMIN, PASSWORD, Makegood, makegood, token_of
from tests.counterparts.waiting import eventually

pytestmark = pytest.mark.server

MISTYPED, FOR_READING, FOR_SENDING = "canary-typed-wrong", "canary-for-reading", "canary-for-sending"
PASSPHRASE = {"MAKEGOOD_BACKUP_PASSPHRASE": "a passphrase of five words"}


@dataclass
class Told:
    """A house that has been told secrets, and what each of them is."""

    house: Makegood
    secrets: dict[str, str] = field(default_factory=dict)

    def within(self, content: bytes) -> list[str]:
        """Which of them can be read there."""
        return [name for name, secret in self.secrets.items() if secret.encode() in content]


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    """It logs all it can, and everything that takes or gives a secret has happened, also with an error."""
    with makegood(MAKEGOOD_LOG="DEBUG") as house, dovecot() as mailbox:
        house.start()
        told = Told(house, {"password": PASSWORD, "mistyped": MISTYPED, "imap": FOR_READING, "smtp": FOR_SENDING})
        _mistype(house)
        client = house.signed_in()
        told.secrets["session"] = str(client.cookies["makegood"])
        _connect(client, mailbox.imap_port)
        invited = {"email": "tobias@quillfeather.example", "role": "agent", **token_of(client)}
        told.secrets["invitation"] = _link(
            client, "/settings/agents/invitations", invited, r"/invitations/([\w-]{20,})"
        )
        told.secrets["reset"] = _link(
            client, "/settings/agents/1/reset-link", token_of(client), r"/accounts/password/1/([\w-]{20,})/"
        )
        told.secrets["key"] = (house.data / "secret-key").read_text()
        eventually(lambda: b"cannot sign in" in _log(house) or "bad" in _health(house))
        yield told


def _mistype(house: Makegood) -> None:
    with httpx.Client(base_url=house.url) as client:
        client.get("/accounts/login/")
        client.post("/accounts/login/", data={"login": ADMIN, "password": MISTYPED, **token_of(client)})


def _connect(client: httpx.Client, imap_port: int) -> None:
    """With passwords that the mail servers do not take, tested at once."""
    answer = client.post("/settings/inboxes/new", data={
        "way": "server", "address": USER, "name": "Care", "imap_host": "127.0.0.1", "imap_port": imap_port,
        "imap_security": "none", "imap_user": USER, "imap_password": FOR_READING, "folders": "INBOX", "start": "now",
        "smtp_host": "127.0.0.1", "smtp_port": imap_port, "smtp_security": "none", "smtp_user": USER,
        "smtp_password": FOR_SENDING, "access": "all", "then": "test", **token_of(client),
    })  # fmt: skip
    assert answer.status_code == 200
    assert FOR_READING not in answer.text


def _link(client: httpx.Client, url: str, data: dict[str, str], shape: str) -> str:
    """The secret part of a link that is handed out, once it has been opened."""
    link = re.search(shape, client.post(url, data=data).text)
    assert link
    assert client.get(link[0]).status_code == 200
    return link[1]


def _log(house: Makegood) -> bytes:
    return (house.data / "serve.log").read_bytes()


def _health(house: Makegood) -> str:
    return house.python("from makegood.inboxes.models import Inbox; print(Inbox.objects.get().health)")


def test_no_secret_is_logged_though_everything_is(told: Told) -> None:
    log = _log(told.house)

    assert b"DEBUG" in log
    assert told.within(log) == []


def test_no_secret_can_be_read_in_the_database(told: Told) -> None:
    """But the session, which opens nothing to who can read the database already."""
    rows = told.house.python(
        "from django.core import serializers\nfrom django.apps import apps\n"
        "for model in apps.get_models(): print(serializers.serialize('json', model._base_manager.all()))"
    )

    assert '"address": "hello@quillfeather.example"' in rows
    assert [name for name in told.within(rows.encode()) if name != "session"] == []


def test_without_a_passphrase_a_backup_holds_no_key(told: Told, tmp_path: Path) -> None:
    told.house.run("backup", str(tmp_path / "backup.tar"))

    content = (tmp_path / "backup.tar").read_bytes()
    assert [name for name in told.within(content) if name != "session"] == []
    assert b"secret-key" not in content


def test_with_a_passphrase_the_key_comes_along_for_who_knows_it(told: Told, tmp_path: Path) -> None:
    there = str(tmp_path / "backup.tar")
    Makegood(told.house.data, more=told.house.more | PASSPHRASE).run("backup", there)

    assert told.secrets["key"].encode() not in Path(there).read_bytes()
    if told.house.more.get("DATABASE_URL"):
        return  # a restore wants an empty database: rehearsed on the embedded one
    refused = Makegood(tmp_path / "a").run("restore", there, check=False)
    assert b"set MAKEGOOD_BACKUP_PASSPHRASE" in refused.stderr
    wrong = {"MAKEGOOD_BACKUP_PASSPHRASE": "another one"}
    refused = Makegood(tmp_path / "b", more=wrong).run("restore", there, check=False)
    assert b"is not the one this backup was made with" in refused.stderr
    copy = Makegood(tmp_path / "c", more=PASSPHRASE)
    copy.run("restore", there)
    code = "from makegood.inboxes.models import Inbox; from makegood.inboxes.sealing import unseal"
    assert copy.python(f"{code}; print(unseal(Inbox.objects.get())['imap_password'])") == FOR_READING
    assert (copy.data / "secret-key").stat().st_mode & 0o777 == 0o600
