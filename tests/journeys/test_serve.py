"""The process group: starts quickly, ends with its parent, is alone on its data, and comes back as it was."""

from __future__ import annotations

import os
import signal
import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from tests.counterparts import yardstick
from tests.counterparts.letters import TO, hand_in, letter, stored
from tests.counterparts.makegood import Makegood, children_of, makegood, token_of
from tests.counterparts.waiting import eventually

pytestmark = pytest.mark.server
SEEN = """
from makegood.eventlog.models import LoggedEvent
seen = LoggedEvent.objects.filter(name="conversation.seen").order_by("id")
print(*seen.values_list("conversation_id", flat=True))
"""


@pytest.fixture
def house() -> Iterator[Makegood]:
    with makegood() as house:
        house.run("inbox", "add", "email", "--address", TO)
        house.start()
        yield house


def hand_in_with_a_file(house: Makegood) -> None:
    """And wait until it is read, which is when its file gets its place."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "kofi@larkspur.example", TO, "With a file"
    mail["Message-ID"] = "<file@larkspur.example>"
    mail.set_content("Here is the receipt.")
    mail.add_attachment(b"%PDF-1.4 " + b"receipt " * 999, maintype="application", subtype="pdf", filename="receipt.pdf")
    with smtplib.LMTP("127.0.0.1", house.lmtp_port) as session:
        session.sendmail("kofi@larkspur.example", [TO], mail.as_bytes())
    eventually(lambda: any(path.is_file() for path in house.data.glob("files/??/*")))


@pytest.mark.alone
def test_a_second_start_takes_less_than_three_seconds(house: Makegood) -> None:
    starts = []
    for _ in range(3):
        house.stop()
        slowness, begin = yardstick.slowness(), time.monotonic()
        house.start()
        starts.append((time.monotonic() - begin) / slowness)

    assert min(starts) < 3, starts


def test_no_process_outlives_its_parent(house: Makegood) -> None:
    assert house.process is not None
    assert len(children_of(house.data)) == 5

    os.kill(house.process.pid, signal.SIGKILL)
    house.process.wait()
    eventually(lambda: children_of(house.data) == [], 1)
    house.process = None


def test_a_child_that_dies_is_started_again(house: Makegood) -> None:
    assert house.process is not None
    for child in set(children_of(house.data)) - {house.process.pid}:
        os.kill(child, signal.SIGKILL)

    eventually(lambda: len(children_of(house.data)) == 5)
    eventually(lambda: _answers(house))
    hand_in(house, 1)
    eventually(lambda: stored(house) == ["<1@fenwick.example>"])


def _answers(house: Makegood) -> bool:
    try:
        smtplib.LMTP("127.0.0.1", house.lmtp_port).quit()
        return httpx.get(f"{house.url}/health").status_code == 200
    except (OSError, httpx.HTTPError):
        return False


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="on PostgreSQL several servers share the work")
def test_two_servers_never_share_a_data_folder(house: Makegood) -> None:
    second = house.run("serve", "--port", "1", check=False)

    assert second.returncode == 1
    assert b"is running on" in second.stderr


def test_a_port_in_use_gets_a_sentence(house: Makegood, tmp_path: Path) -> None:
    other = Makegood(tmp_path, port=house.port)

    second = other.run("serve", check=False)

    assert second.returncode == 1
    assert f"Port {house.port} on 127.0.0.1 cannot be used".encode() in second.stderr


def test_a_port_of_lmtp_that_another_program_has_holds_up_no_other_mail(house: Makegood) -> None:
    house.stop()
    with socket.create_server(("127.0.0.1", house.lmtp_port)) as other:
        threading.Thread(target=_greet_one_after_another, args=(other,), daemon=True).start()
        house.start()
        house.run("mail", "accept", "--inbox", TO, given=letter(1))
        eventually(lambda: stored(house) == ["<1@fenwick.example>"])
        said = f"another program answers at 127.0.0.1:{house.lmtp_port}; end it, or give MAKEGOOD_LMTP another port"
        assert said in house.run("doctor", check=False).stdout.decode()
        other.shutdown(socket.SHUT_RDWR)

    eventually(lambda: _answers(house))
    hand_in(house, 2)
    eventually(lambda: stored(house) == ["<1@fenwick.example>", "<2@fenwick.example>"])


def _greet_one_after_another(server: socket.socket) -> None:
    with suppress(OSError):  # until it is closed
        while True:
            line, _ = server.accept()
            with line:
                line.sendall(b"220 another.example ready\r\n")


def test_a_setting_that_cannot_be_meant_gets_a_sentence(tmp_path: Path) -> None:
    house = Makegood(tmp_path, more={"MAKEGOOD_PORT": "http"})

    said = b"makegood: MAKEGOOD_PORT is http; it must be a number from 1 to 65535.\n"
    assert house.run("serve", check=False).stderr == said


def test_who_looked_at_a_conversation_is_written_down_also_when_we_stop(house: Makegood) -> None:
    hand_in(house, 1, 2)
    eventually(lambda: len(stored(house)) == 2)
    agent = house.signed_in()

    agent.get("/conversations/1")
    eventually(lambda: house.python(SEEN) == "1")
    agent.get("/conversations/2")
    house.stop()

    assert house.python(SEEN) == "1 2"


def test_plain_http_beyond_this_machine_is_refused(house: Makegood) -> None:
    refused = house.run("serve", "--host", "0.0.0.0", check=False)

    assert refused.returncode == 1
    assert b"Passwords would cross the network unencrypted" in refused.stderr


def test_pages_that_show_secrets_are_refused_beyond_this_machine(tmp_path: Path) -> None:
    """Also where a certificate or a named proxy would do for any other server."""
    proxied = Makegood(tmp_path, more={"MAKEGOOD_DEBUG": "1", "MAKEGOOD_PROXIES": "127.0.0.1/32"})

    for words in (["--host", "0.0.0.0"], ["--host", "::", "--plain-http"]):
        refused = proxied.run("serve", *words, check=False)
        assert refused.returncode == 1
        assert b"MAKEGOOD_DEBUG shows secrets" in refused.stderr


@pytest.mark.alone
@pytest.mark.parametrize(("way", "within"), [("revoked", 2), ("gone", 10)])
def test_a_stream_ends_within_ten_seconds_of_its_session(house: Makegood, way: str, within: float) -> None:
    here, elsewhere = house.signed_in(), house.signed_in()
    with here.stream("GET", "/stream") as stream, elsewhere.stream("GET", "/stream") as stays:
        heard = stream.iter_raw()
        assert next(heard).startswith(b": hello")
        begin = time.monotonic()
        if way == "revoked":
            assert elsewhere.post("/settings/security/sessions/others/delete", data=token_of(elsewhere)).is_success
        else:  # as after a sign-out
            sessions, key = "from django.contrib.sessions.models import Session", str(here.cookies["makegood"])
            house.python(f"{sessions}; Session.objects.filter(pk={key!r}).delete()")

        for _ in heard:
            pass
        assert time.monotonic() - begin < within
        assert (stream.status_code, stays.status_code, stays.is_closed) == (200, 200, False)


def test_strangers_see_nothing_but_the_door(house: Makegood) -> None:
    answer = httpx.get(f"{house.url}/conversations")

    assert (answer.status_code, answer.headers["location"]) == (302, "/accounts/login/?next=/conversations")
    assert httpx.get(f"{house.url}/stream").status_code == 403


def test_a_backup_under_load_restores_elsewhere_and_does_not_send(house: Makegood, tmp_path: Path) -> None:
    if os.environ.get("DATABASE_URL"):
        pytest.skip("pg_dump and pg_restore are rehearsed in test_backup_on_postgres")
    hand_in(house, *range(1, 30))
    hand_in_with_a_file(house)
    eventually(lambda: len(stored(house)) == 30)
    house.run("backup", str(tmp_path / "backup.tar"))
    before = stored(house)

    copy = Makegood(tmp_path / "elsewhere", more=house.more)
    copy.run("restore", str(tmp_path / "backup.tar"))

    assert stored(copy) == before
    assert (copy.data / "sending-paused").exists()
    assert copy.run("doctor").returncode == 0
    again = copy.run("restore", str(tmp_path / "backup.tar"), check=False)
    assert b"There is data in" in again.stderr


def test_a_damaged_backup_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "broken.tar").write_bytes(b"not a tar at all")

    refused = Makegood(tmp_path / "elsewhere").run("restore", str(tmp_path / "broken.tar"), check=False)

    assert refused.returncode == 1
    assert b"is no backup of Makegood" in refused.stderr


def test_doctor_finds_what_is_wrong(house: Makegood) -> None:
    if os.environ.get("DATABASE_URL"):
        pytest.skip("the damage is done with SQLite's own words")
    import sqlite3

    hand_in(house, 1, 2)
    eventually(lambda: len(stored(house)) == 2)
    house.stop()
    assert house.run("doctor").returncode == 0

    with sqlite3.connect(house.data / "makegood.sqlite3") as database:
        database.execute("UPDATE raw_message SET content = CAST('other words' AS BLOB) WHERE id = 1")
        database.execute("DELETE FROM search_document WHERE object_id = 2")

    found = house.run("doctor", check=False)
    assert found.returncode == 1
    assert b"1 raw messages whose bytes differ" in found.stdout
    assert b"1 messages and notes that cannot be found" in found.stdout
