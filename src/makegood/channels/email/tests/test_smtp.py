"""Handing a message over: what is known at each step, and nothing waited for that does not matter."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.counterparts.sink import sink

from makegood.channels.email import session, smtp
from makegood.channels.email.connecting import Security, Server, SmtpSettings
from makegood.channels.email.smtp import hand_over
from makegood.channels.email.tests.servers import talking
from makegood.channels.errors import DeliveryFailed, DeliveryUncertain
from makegood.conversations.envelope import Outgoing

LETTER = Outgoing("k", "<m@x.example>", "care@q.example", ("odile@f.example",), b"Subject: x\r\n\r\n.\r\nwords\r\n")


def _line_of(file: io.RawIOBase) -> str:
    try:
        return bytes(file.readline()).decode().strip()
    except OSError:
        return ""


def settings_for(port: int, **more: str) -> SmtpSettings:
    return SmtpSettings(Server("127.0.0.1", port, Security.NONE, more.get("user", ""), more.get("password", "")))


@contextmanager
def scripted(answers: dict[str, str], *, after_content: str = "250 ok") -> Iterator[tuple[int, list[str]]]:
    """A server that answers by its script, "silence" after five seconds; with no `after_content` it hangs up there."""
    heard: list[str] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        line, _ = listening.accept()
        file = line.makefile("rwb", buffering=0)
        file.write(b"220 here\r\n")
        while command := _line_of(file):
            heard.append(command)
            answer = answers.get(command.split()[0].upper(), "250 ok")
            if answer == "silence":
                time.sleep(5)
            file.write(f"{answer}\r\n".encode())
            if answer.startswith("354"):
                while file.readline() != b".\r\n":
                    pass
                if not after_content:
                    break
                file.write(f"{after_content}\r\n".encode())
        line.close()

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], heard
    finally:
        listening.close()


def test_the_content_arrives_with_its_dots() -> None:
    with sink() as outside:
        receipt = hand_over(settings_for(outside.port), LETTER, lambda: None)

        assert outside.caught[0].content == LETTER.content
    assert (receipt.accepted, receipt.refused, receipt.said) == (("odile@f.example",), (), "250 Stored")


def test_the_answer_to_quit_is_not_waited_for() -> None:
    with scripted({"DATA": "354 go", "QUIT": "silence"}) as (port, _heard):
        begin = time.monotonic()
        hand_over(settings_for(port), LETTER, lambda: None)

        assert time.monotonic() - begin < 2


def test_when_the_handing_over_cannot_be_noted_the_line_is_cut_at_once() -> None:
    def full() -> None:
        raise OSError("no space left on device")

    with sink() as outside:
        begin = time.monotonic()
        with pytest.raises(OSError, match="no space"):
            hand_over(settings_for(outside.port), LETTER, full)

        assert (outside.caught, time.monotonic() - begin < 2) == ([], True)


@pytest.mark.parametrize(
    ("answers", "permanent"),
    [
        ({"MAIL": "550 go away"}, True), ({"MAIL": "451 later"}, False), ({"DATA": "554 no"}, True),
        ({"DATA": "421 busy"}, False), ({"EHLO": "421 busy", "HELO": "421 busy"}, False),
    ],
)  # fmt: skip
def test_a_refusal_is_permanent_when_the_server_says_so(answers: dict[str, str], permanent: bool) -> None:
    with scripted(answers) as (port, _), pytest.raises(DeliveryFailed) as failed:
        hand_over(settings_for(port), LETTER, lambda: None)

    assert failed.value.permanent is permanent


def test_a_line_that_breaks_after_the_content_is_uncertain() -> None:
    handed: list[bool] = []
    with scripted({"DATA": "354 go"}, after_content="") as (port, _), pytest.raises(DeliveryUncertain):
        hand_over(settings_for(port), LETTER, lambda: handed.append(True))

    assert handed == [True]


@pytest.mark.parametrize("after", [b"", b"ehlo", b"mail"])
@pytest.mark.parametrize(("said", "seconds"), [(b"250-and\r\n" * 1000, 0.0), (b"2", 0.1)])
def test_a_server_that_talks_for_ever_holds_up_no_other_letter(
    said: bytes, seconds: float, after: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "TALK_SECONDS", 1.0)
    begin = time.monotonic()

    with talking(said, after=after, seconds=seconds) as port, pytest.raises(DeliveryFailed) as failed:
        hand_over(settings_for(port), LETTER, lambda: None)

    assert (failed.value.permanent, time.monotonic() - begin < 5) == (False, True)


def test_a_server_that_talks_for_ever_after_the_content_may_have_taken_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "TALK_SECONDS", 1.0)
    begin = time.monotonic()

    with talking(b"2", after=b".\r\n", seconds=0.1) as port, pytest.raises(DeliveryUncertain):
        hand_over(settings_for(port), LETTER, lambda: None)

    assert time.monotonic() - begin < 5


def test_a_wrong_password_is_tried_again_since_it_can_be_mended() -> None:
    with sink() as outside, pytest.raises(DeliveryFailed) as failed:
        hand_over(settings_for(outside.port, user="care", password="x"), LETTER, lambda: None)

    assert failed.value.permanent is False
