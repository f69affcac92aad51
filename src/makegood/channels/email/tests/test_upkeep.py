"""Inboxes are looked after: what is missing comes back, what we sent is filed once, trust is looked up."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from tests.counterparts.dovecot import PASSWORD, USER, Dovecot, dovecot
from tests.counterparts.sink import Sink, sink

from makegood.channels import outbox
from makegood.channels.email import jobs, upkeep
from makegood.channels.email.connecting import ImapSettings
from makegood.channels.email.fetching import Watched, fetch_history, fetch_new, lease
from makegood.channels.email.imap import Folder
from makegood.channels.email.tests.names import zone
from makegood.channels.intake import outgoing_of
from makegood.channels.models import FolderMark, OutboxMail, RawMessage
from makegood.channels.reading import read_new
from makegood.channels.tests.factories import queued, take_all
from makegood.conversations.events import ReplySent
from makegood.conversations.models import Message
from makegood.eventlog.events import SYSTEM, Happened
from makegood.eventlog.models import LoggedEvent
from makegood.inboxes.models import Inbox
from makegood.inboxes.sealing import seal
from makegood.jobs.models import Job

pytestmark = pytest.mark.django_db


def letter(number: int) -> bytes:
    return (
        f"From: Odile Fenwick <odile@fenwick.example>\r\nTo: {USER}\r\nSubject: Lamp {number}\r\n"
        f"Message-ID: <lamp{number}@fenwick.example>\r\n\r\nWords of {number}.\r\n"
    ).encode()


@pytest.fixture
def mailbox() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture
def outside() -> Iterator[Sink]:
    with sink() as server:
        yield server


@pytest.fixture
def inbox(mailbox: Dovecot, outside: Sink) -> Inbox:
    here = {"host": "127.0.0.1", "security": "none"}
    inbox = Inbox(
        name="Care", address=USER,
        settings={
            "imap": {**here, "port": mailbox.imap_port, "user": USER, "folders": ["INBOX"], "sent_folder": "Sent"},
            "smtp": {**here, "port": outside.port}, "sent_copies": True,
        },
    )  # fmt: skip
    seal(inbox, {"imap_password": PASSWORD})
    inbox.save()
    return inbox


def watched(inbox: Inbox, folder: str = "INBOX") -> Watched:
    settings = ImapSettings.of(inbox)
    assert settings
    return Watched(inbox, folder, settings, is_sent=folder == settings.sent_folder)


def fetch(inbox: Inbox, folder: str = "INBOX") -> None:
    """As the listener does."""
    which = watched(inbox, folder)
    mark = lease(which, "tester")
    assert mark
    with Folder(which.settings.server, folder) as opened:
        take_all(fetch_new(which, opened, mark))
        while take_all(fetch_history(which, opened, mark))[1]:
            pass


def begin(inbox: Inbox, folder: str = "INBOX") -> None:
    """The first look; servers know the time to the second, so what comes in that same second would count as old."""
    fetch(inbox, folder)
    time.sleep(1.1)


@pytest.mark.server
def test_a_message_that_was_lost_is_noticed_and_comes_back(inbox: Inbox, mailbox: Dovecot) -> None:
    begin(inbox)
    for number in range(3):
        mailbox.deliver(letter(number))
    fetch(inbox)
    lost = RawMessage.objects.order_by("pk")[1]
    key, digest = lost.source_key, lost.sha256
    lost.delete()

    compared = upkeep.compare_folder(inbox, "INBOX")

    assert compared is not None
    assert (compared.at_server, len(compared.missing)) == (3, 1)
    assert RawMessage.objects.get(source_key=key).sha256 == digest
    assert RawMessage.objects.count() == 3
    inbox.refresh_from_db()
    assert inbox.health_said == "1 of 1 messages that had been missing in INBOX were fetched."
    healths = LoggedEvent.objects.filter(name="inbox.health_changed").order_by("id")
    assert [event.data["health"] for event in healths] == ["bad", "good"]


@pytest.mark.server
def test_nothing_missing_changes_nothing(inbox: Inbox, mailbox: Dovecot) -> None:
    mailbox.deliver(letter(0))  # before we began: not wanted
    time.sleep(1.1)
    begin(inbox)
    mailbox.deliver(letter(1))
    fetch(inbox)

    compared = upkeep.compare_folder(inbox, "INBOX")

    assert compared is not None
    assert (compared.at_server, compared.missing) == (1, ())
    assert not LoggedEvent.objects.filter(name="inbox.health_changed").exists()
    assert FolderMark.objects.get().compared_at is not None


@pytest.mark.server
def test_old_mail_that_was_asked_for_is_compared_too(inbox: Inbox, mailbox: Dovecot) -> None:
    inbox.settings["imap"]["start"] = "all"
    inbox.save()
    for number in range(2):
        mailbox.deliver(letter(number))
    fetch(inbox)
    RawMessage.objects.order_by("pk")[0].delete()

    compared = upkeep.compare_folder(inbox, "INBOX")

    assert compared is not None
    assert (compared.at_server, len(compared.missing)) == (2, 1)
    assert RawMessage.objects.count() == 2


@pytest.mark.server
def test_what_is_above_the_mark_is_on_its_way_and_not_missing(inbox: Inbox, mailbox: Dovecot) -> None:
    begin(inbox)
    mailbox.deliver(letter(0))

    compared = upkeep.compare_folder(inbox, "INBOX")

    assert compared is not None
    assert compared.missing == ()


@pytest.mark.server
def test_a_message_that_the_server_lost_is_not_missing_here(inbox: Inbox, mailbox: Dovecot) -> None:
    begin(inbox)
    mailbox.deliver(letter(0))
    fetch(inbox)
    with mailbox.client() as client:
        client.select("INBOX")
        client.store("1", "+FLAGS", "\\Deleted")
        client.expunge()

    compared = upkeep.compare_folder(inbox, "INBOX")

    assert compared is not None
    assert (compared.at_server, compared.missing) == (0, ())
    assert RawMessage.objects.count() == 1


def in_sent(mailbox: Dovecot) -> list[bytes]:
    with mailbox.client() as client:
        client.select("Sent", readonly=True)
        _, answer = client.fetch("1:*", "(FLAGS BODY.PEEK[])")
    return [piece[1] for piece in answer if isinstance(piece, tuple)]


def sent(inbox: Inbox, outside: Sink) -> OutboxMail:
    mail = queued(inbox)
    outbox.send_due()
    mail.refresh_from_db()
    assert mail.state == OutboxMail.SENT
    return mail


@pytest.mark.server
def test_what_we_sent_is_filed_once_and_known_when_it_is_read(inbox: Inbox, mailbox: Dovecot, outside: Sink) -> None:
    begin(inbox, "Sent")
    mail = sent(inbox, outside)

    assert [upkeep.file_copy(mail.inbox, outgoing_of(mail)) for _ in range(2)] == [True, False]

    assert in_sent(mailbox) == [outside.caught[0].content]
    before = Message.objects.count()
    fetch(inbox, "Sent")
    read_new()
    assert RawMessage.objects.get(is_outgoing=True).message_id == mail.message_id
    assert Message.objects.count() == before


@pytest.mark.parametrize(("setting", "value"), [("sent_copies", False), ("trial", True), ("sent_folder", "")])
def test_without_the_wish_for_copies_nothing_is_enqueued(
    inbox: Inbox, outside: Sink, setting: str, value: object
) -> None:
    (inbox.settings if setting == "sent_copies" else inbox.settings["imap"])[setting] = value
    inbox.save()
    mail = sent(inbox, outside)

    jobs.file_copy(Happened(1, "reply.sent", SYSTEM, ReplySent(message_id=mail.message_id, key="k"), None))

    assert not Job.objects.filter(unique_key__startswith="copy:").exists()


def test_a_reply_that_was_sent_enqueues_one_copy(inbox: Inbox, outside: Sink) -> None:
    mail = sent(inbox, outside)
    happened = Happened(1, "reply.sent", SYSTEM, ReplySent(message_id=mail.message_id, key="k"), None)

    jobs.file_copy(happened)
    jobs.file_copy(happened)

    assert Job.objects.filter(unique_key=f"copy:{mail.pk}").count() == 1


def test_trust_is_kept_and_a_silent_dns_does_not_wipe_it_out(inbox: Inbox) -> None:
    with zone() as names:
        names.txt("quillfeather.example", "v=spf1 mx ~all")
        upkeep.look_at_trust(inbox, names=names.resolver)
        names.is_silent = True
        upkeep.look_at_trust(inbox, names=names.resolver)

    inbox.refresh_from_db()
    findings = inbox.settings["trust"]["findings"]
    assert [one["state"] for one in findings] == ["good", "missing", "missing", "missing"]
    assert LoggedEvent.objects.filter(name="inbox.trust_changed").count() == 1
    assert "imap" in inbox.settings
