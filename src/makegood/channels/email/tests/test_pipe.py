"""A letter from a mail server's pipe is handed to the running Makegood, and taken for stored only when it is."""

from __future__ import annotations

import resource
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.counterparts.waiting import eventually

from makegood.channels import wire
from makegood.channels.email.doors import Doors
from makegood.channels.email.pipe import hand_over, place_in
from makegood.channels.email.pipe_door import PipeDoor, can_listen
from makegood.channels.intake import Gate, content_of
from makegood.channels.models import RawMessage
from makegood.channels.tests.factories import mail
from makegood.conversations.tests.factories import inbox
from makegood.eventlog.tests.threads import on_postgres

pytestmark = [on_postgres, pytest.mark.django_db(transaction=True)]  # its threads have connections of their own


@pytest.fixture
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="makegood-test-") as folder:  # pytest's own are too long for a socket
        yield Path(folder)


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.stop()


@pytest.fixture
def door(data: Path, gate: Gate) -> Iterator[PipeDoor]:
    inbox()
    door = PipeDoor(data, gate)
    yield door
    door.stop()


@pytest.mark.parametrize("content", [mail().replace(b"\r\n", b"\n"), b"", b"\0\r\r\n.\n" * 99_999, mail("ü" * 300_000)])
def test_every_byte_is_kept(data: Path, door: PipeDoor, content: bytes) -> None:
    assert hand_over(data, "Care", content) == ""

    assert [content_of(raw) for raw in RawMessage.objects.all()] == [content]


def test_an_inbox_is_named_by_name_or_address_and_one_letter_stored_once(data: Path, door: PipeDoor) -> None:
    assert [hand_over(data, name, mail()) for name in ("Care", "CARE@quillfeather.example")] == ["", ""]

    assert RawMessage.objects.count() == 1
    fault = "There is no inbox Cares. Known: care@quillfeather.example."
    assert (hand_over(data, "Cares", mail("other")), RawMessage.objects.count()) == (fault, 1)


def test_nobody_listens(data: Path, gate: Gate) -> None:
    assert hand_over(data, "Care", mail()) is None

    PipeDoor(data, gate).stop()  # leaves its socket, like one that was killed
    assert place_in(data).exists()
    assert hand_over(data, "Care", mail()) is None

    inbox()
    again = PipeDoor(data, gate)
    assert hand_over(data, "Care", mail()) == ""
    again.stop()


def test_where_the_path_is_too_long_for_a_socket_nobody_listens(data: Path) -> None:
    deep = data / ("d" * 100)

    assert (can_listen(deep), hand_over(deep, "Care", mail())) == (False, None)


def test_where_the_disk_holds_no_socket_all_else_goes_on(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    place_in(data).mkdir()

    doors = Doors(data, "")
    doors.stop()

    assert hand_over(data, "Care", mail()) is None
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@contextmanager
def no_file_can_be_opened() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_after_too_many_open_files_it_listens_again(
    data: Path, door: PipeDoor, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        with no_file_can_be_opened():
            line.connect(str(place_in(data)))
            eventually(lambda: caplog.records)
        wire.send(line, {"inbox": "Care"}, mail())

        assert wire.receive(line)[0] == {"error": ""}
    assert hand_over(data, "Care", mail("second")) == ""
    door.stop()
    assert len(caplog.records) == 1  # its end is no fault


def test_where_no_thread_can_be_started_the_letter_stays_with_its_sender_and_the_next_is_taken(
    data: Path, door: PipeDoor
) -> None:
    before = threading.stack_size(1 << 46)
    try:
        fault = hand_over(data, "Care", mail())
    finally:
        threading.stack_size(before)

    assert (fault or "").startswith("the running Makegood did not answer")
    assert hand_over(data, "Care", mail()) == ""


def test_a_server_that_ends_meanwhile_has_not_taken_it(data: Path, door: PipeDoor, gate: Gate) -> None:
    gate.stop()

    assert hand_over(data, "Care", mail()) == "the intake has stopped"
    assert RawMessage.objects.count() == 0


def test_the_socket_is_for_us_alone(data: Path, door: PipeDoor) -> None:
    assert place_in(data).stat().st_mode & 0o777 == 0o600
