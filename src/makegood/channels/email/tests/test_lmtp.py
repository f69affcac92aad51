"""Mail by LMTP: each recipient is answered when the mail is on the disk for them, whatever its bytes are."""

from __future__ import annotations

import smtplib
import socket
import time
from collections.abc import Iterator

import pytest

from makegood.channels.email import lmtp
from makegood.channels.email.lmtp import Intake, inbox_for
from makegood.channels.intake import Gate, content_of
from makegood.channels.models import RawMessage
from makegood.channels.tests.factories import mail
from makegood.conversations.tests.factories import CARE, inbox
from makegood.eventlog.tests.threads import on_postgres
from makegood.inboxes.models import Inbox


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    """Which inboxes there are is remembered for two seconds."""
    lmtp._inbox_of_late.cache_clear()


@pytest.fixture
def door() -> Iterator[int]:
    """The port of a listening intake with two inboxes behind it."""
    inbox()
    inbox("returns@quillfeather.example", "Returns")
    gate = Gate()
    intake = Intake("127.0.0.1", 0, gate)
    yield intake.port
    intake.stop()
    gate.stop()


@pytest.fixture
def smtp_door() -> Iterator[int]:
    inbox()
    gate = Gate()
    intake = Intake("127.0.0.1", 0, gate, is_lmtp=False)
    yield intake.port
    intake.stop()
    gate.stop()


def hand_in(port: int, content: bytes, *to: str) -> dict[str, tuple[int, bytes]]:
    """The recipients that were refused, with the answer."""
    with smtplib.LMTP("127.0.0.1", port) as session:
        return session.sendmail("odile@fenwick.example", list(to or (CARE,)), content)


def stored() -> list[bytes]:
    return [content_of(raw) for raw in RawMessage.objects.order_by("id")]


pytestmark = [on_postgres, pytest.mark.django_db(transaction=True)]  # its threads have connections of their own


def test_what_is_answered_with_250_is_stored(door: int) -> None:
    assert hand_in(door, mail()) == {}
    assert stored() == [mail()]


def test_a_null_sender_is_kept_so_that_nothing_answers_it(door: int) -> None:
    hand_in(door, mail("A person."))
    with smtplib.LMTP("127.0.0.1", door) as session:
        session.sendmail("", [CARE], mail("A machine."))

    kept = RawMessage.objects.order_by("id").values_list("has_null_sender", flat=True)
    assert list(kept) == [False, True]


def test_an_unknown_recipient_is_refused_for_good(door: int) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        hand_in(door, mail(), "nobody@quillfeather.example")

    assert refused.value.recipients["nobody@quillfeather.example"] == (550, b"5.1.1 No such inbox here")
    assert stored() == []


def test_each_recipient_is_answered(door: int) -> None:
    with socket.create_connection(("127.0.0.1", door)) as line:
        file = line.makefile("rwb")
        file.readline()
        for command in (
            b"LHLO x",
            b"MAIL FROM:<o@f.example>",
            f"RCPT TO:<{CARE}>".encode(),
            b"RCPT TO:<nobody@quillfeather.example>",
            b"RCPT TO:<returns@quillfeather.example>",
            b"DATA",
        ):
            file.write(command + b"\r\n")
            file.flush()
            while file.readline()[3:4] == b"-":
                pass
        file.write(mail() + b".\r\n")
        file.flush()

        answers = [file.readline()[:3] for _ in range(2)]

    assert answers == [b"250", b"250"]
    assert set(RawMessage.objects.values_list("inbox__address", flat=True)) == {CARE, "returns@quillfeather.example"}


def test_the_same_bytes_twice_are_one(door: int) -> None:
    hand_in(door, mail())

    assert hand_in(door, mail()) == {}
    assert len(stored()) == 1


def test_a_reply_address_reaches_its_inbox(door: int) -> None:
    assert hand_in(door, mail(), f"care+{'0' * 32}@quillfeather.example") == {}
    assert RawMessage.objects.get().inbox.address == CARE


@pytest.mark.parametrize(
    "body",
    [b"x" * 2_000_000, b"NUL \x00 bytes", bytes(range(128, 256)) * 4, b"..dots\r\n.\x00\r\n", b"\xe5\x8c\x97" * 9000],
    ids=["a line of two million", "NUL", "8-bit", "dots", "utf-8"],
)
def test_any_bytes_come_in_as_they_are(door: int, body: bytes) -> None:
    content = mail().replace(b"The pole cracked.", body)

    assert hand_in(door, content) == {}

    assert stored() == [content]


def test_a_bare_line_feed_and_a_dot_do_not_end_the_mail(door: int) -> None:
    content = mail().replace(b"cracked.", b"cracked.\n.\nMAIL FROM:<evil@x.example>\r\nend")
    with socket.create_connection(("127.0.0.1", door)) as line:
        file = line.makefile("rwb")
        for command in (b"", b"LHLO x", b"MAIL FROM:<o@f.example>", f"RCPT TO:<{CARE}>".encode(), b"DATA"):
            if command:
                file.write(command + b"\r\n")
                file.flush()
            while file.readline()[3:4] == b"-":
                pass
        file.write(content + b".\r\n")
        file.flush()
        assert file.readline().startswith(b"250")

    assert len(stored()) == 1
    assert b"evil@x.example" in stored()[0]


def test_five_megabytes_come_in(door: int) -> None:
    content = mail() + b"0123456789abcdef\r\n" * 290_000

    assert hand_in(door, content) == {}
    assert stored() == [content]


def test_who_hangs_up_in_the_middle_leaves_nothing_and_stops_nobody(door: int) -> None:
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", door)) as line:
            for command in (b"LHLO x", b"MAIL FROM:<o@f.example>", f"RCPT TO:<{CARE}>".encode(), b"DATA"):
                line.sendall(command + b"\r\n")
                time.sleep(0.02)
            line.sendall(b"From: half a mail")
    assert hand_in(door, mail()) == {}

    assert stored() == [mail()]


def test_smtp_answers_once_for_all(smtp_door: int) -> None:
    with smtplib.SMTP("127.0.0.1", smtp_door) as session:
        assert session.sendmail("o@f.example", [CARE, f"care+{'1' * 32}@quillfeather.example"], mail()) == {}

    assert stored() == [mail()]


def test_the_exact_address_comes_before_the_one_without_its_plus() -> None:
    inbox(name="A plain one")
    plus = inbox("care+shop@quillfeather.example", "Z with a plus")

    assert inbox_for("Care+Shop@quillfeather.example") == plus


def test_an_inbox_that_is_switched_off_is_unknown() -> None:
    Inbox.objects.create(name="Off", address="off@quillfeather.example", is_active=False)

    assert inbox_for("off@quillfeather.example") is None
