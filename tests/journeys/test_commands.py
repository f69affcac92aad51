"""What is driven from outside, as an administrator or a script does it: each command with real input."""

from __future__ import annotations

import base64
import json
import mailbox
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from makegood.project.commands.demo import EMAIL, PASSWORD
from tests.counterparts.letters import TO, stored
from tests.counterparts.makegood import Makegood, makegood, token_of
from tests.counterparts.ports import free_port, wait_for
from tests.counterparts.waiting import eventually

pytestmark = pytest.mark.server
LETTER = (
    b"From: Odile Fenwick <odile@fenwick.example>\r\nTo: care@quillfeather.example\r\nSubject: Tent\r\n"
    b"Message-ID: <%d@fenwick.example>\r\n\r\nThe pole cracked.\r\n\r\n> Is all well?\r\n"
)


@pytest.fixture
def house() -> Iterator[Makegood]:
    with makegood() as house:
        yield house


@pytest.fixture
def with_inbox(house: Makegood) -> Makegood:
    house.run("inbox", "add", "email", "--address", TO, "--name", "Care")
    return house


def test_seeded_data_is_sound_and_not_put_among_real_inboxes(house: Makegood) -> None:
    told = house.run("seed", "--conversations", "60", "--messages", "200")
    assert b"200 of 200 messages" in told.stderr

    doctor = house.run("doctor", check=False)
    assert (doctor.returncode, house.python(COUNTS)) == (0, "60 200 200"), doctor.stdout.decode()

    house.run("inbox", "add", "email", "--address", "real@quillfeather.example")
    refused = house.run("seed", "--conversations", "1", check=False)
    assert (refused.returncode, refused.stderr.startswith(b"makegood: ")) == (1, True)


COUNTS = """
from makegood.conversations.models import Conversation, Message
from makegood.search.models import SearchDocument
print(Conversation.objects.count(), Message.objects.count(), SearchDocument.objects.count())
"""


def test_the_demo_is_a_place_to_sign_in(house: Makegood) -> None:
    port = free_port()
    with tempfile.TemporaryFile() as said:
        command = [sys.executable, "-m", "makegood", "demo", "--port", str(port)]
        demo = subprocess.Popen(command, stdout=said, stderr=said, env=house.environment)
        try:
            wait_for(port)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True, timeout=60) as visitor:
                visitor.get("/accounts/login/")
                given = {"login": EMAIL, "password": PASSWORD, **token_of(visitor)}
                page = visitor.post("/accounts/login/", data=given)
        finally:
            demo.terminate()
            demo.wait(30)
        said.seek(0)
        assert f"Sign in as {EMAIL} with the password: {PASSWORD}" in said.read().decode()
    assert (page.status_code, "Cracked tent pole" in page.text) == (200, True)
    assert house.python(COUNTS) == "0 0 0"


def test_mail_is_read_without_a_database(tmp_path: Path) -> None:
    nowhere = Makegood(tmp_path / "never made")

    one = json.loads(nowhere.run("mail", "parse", given=LETTER % 1).stdout)
    lines = [{"id": number, "raw_b64": base64.b64encode(LETTER % number).decode()} for number in (1, 2)]
    batch = nowhere.run(
        "mail", "parse", "--batch", given="\n".join(map(json.dumps, lines)).encode()
    ).stdout.splitlines()

    assert (one["from"]["email"], one["reply_text"].strip()) == ("odile@fenwick.example", "The pole cracked.")
    assert [json.loads(line) for line in batch] == [{"id": 1, **one}, {"id": 2, **one, **fresh(json.loads(batch[1]))}]
    assert not nowhere.data.exists()


def fresh(answer: dict[str, object]) -> dict[str, object]:
    """What differs between two letters that differ in their numbers alone."""
    return {name: answer[name] for name in ("message_id", "raw_sha256")}


@pytest.mark.parametrize("line", [b"{", b"[]", b'{"id": 1}', b'{"id": 1, "raw_b64": "%"}', b'{"id": 1, "raw_b64": 5}'])
def test_a_line_that_is_none_is_named(tmp_path: Path, line: bytes) -> None:
    told = Makegood(tmp_path).run("mail", "parse", "--batch", given=line, check=False)

    assert (told.returncode, told.stderr.startswith(b"makegood: Line 1 is not of the form")) == (1, True)


def test_a_pipe_takes_a_letter_and_bounces_none(with_inbox: Makegood) -> None:
    house = with_inbox

    taken = house.run("mail", "accept", "--inbox", "Care", given=LETTER % 1)
    unknown = house.run("mail", "accept", "--inbox", "Cares", given=LETTER % 2, check=False)
    house.more["DATABASE_URL"] = "sqlite:////nowhere/at/all"
    gone = house.run("mail", "accept", "--inbox", "Care", given=LETTER % 2, check=False)

    assert (taken.returncode, unknown.returncode, gone.returncode) == (0, 75, 75)
    assert b"There is no inbox Cares. Known: care@quillfeather.example." in unknown.stderr


def test_a_running_makegood_is_handed_what_comes_by_the_pipe(with_inbox: Makegood) -> None:
    house = with_inbox
    house.start()
    pipe = Makegood(house.data, more={"DATABASE_URL": "sqlite:////nowhere/at/all"})  # of itself it could store nothing

    for number in range(3):
        pipe.run("mail", "accept", "--inbox", "Care", given=LETTER % number)
    wrong = pipe.run("mail", "accept", "--inbox", "Cares", given=LETTER % 9, check=False)

    assert eventually(lambda: stored(house)[2:]) == ["<2@fenwick.example>"]
    assert (wrong.returncode, b"There is no inbox Cares." in wrong.stderr) == (75, True)


def test_old_mail_is_brought_in_once_from_every_form(with_inbox: Makegood, tmp_path: Path) -> None:
    house = with_inbox
    box = mailbox.mbox(tmp_path / "old.mbox")
    folder = mailbox.Maildir(tmp_path / "old")
    (tmp_path / "letters" / "2025").mkdir(parents=True)
    for number in range(3):
        box.add(LETTER % number)
        folder.add(LETTER % (10 + number))
        (tmp_path / "letters" / "2025" / f"{number}.eml").write_bytes(LETTER % (20 + number))
    box.close()
    house.start()

    for name in ("old.mbox", "old", "letters", "old"):
        assert b"3 messages are stored." in house.run("mail", "import", str(tmp_path / name), "--inbox", TO).stdout

    eventually(lambda: len(stored(house)) >= 9)
    assert stored(house) == sorted(
        f"<{number}@fenwick.example>" for number in (*range(3), *range(10, 13), *range(20, 23))
    )
    refused = house.run("mail", "import", str(tmp_path / "none"), "--inbox", TO, check=False)
    assert (refused.returncode, refused.stderr.startswith(b"makegood: There is no ")) == (1, True)


@pytest.mark.parametrize(
    "words", ["backup copy.tar", "export copy", "doctor", "check-messages", "inbox list", "new-password a@b.example"]
)
def test_a_wrong_place_is_no_empty_makegood(words: str, tmp_path: Path) -> None:
    """A nightly backup of nothing would say that all is well."""
    wrong = Makegood(tmp_path / "wrong", more={"DATABASE_URL": ""})

    refused = wrong.run(*words.replace("copy", str(tmp_path / "copy")).split(), check=False)

    said = f"makegood: There is no Makegood in {wrong.data}. "
    assert (refused.returncode, refused.stderr.decode()[: len(said)]) == (1, said)
    assert list(tmp_path.iterdir()) == []
