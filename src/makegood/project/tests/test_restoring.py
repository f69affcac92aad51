"""A restored place says what its key does not open, and where that is entered again."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest
from tests.counterparts.makegood import ADMIN, PASSWORD, Makegood

pytestmark = pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="about what is said, not the database")
INBOX = "care@quillfeather.example"
FACTOR = f"""
from allauth.mfa.totp.internal.auth import TOTP
from makegood.agents.models import Agent
TOTP.activate(Agent.objects.get(email={ADMIN!r}), "JBSWY3DPEHPK3PXP")
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Makegood:
    passwords = {"MAKEGOOD_IMAP_PASSWORD": "lantern", "MAKEGOOD_SMTP_PASSWORD": "lantern"}
    house = Makegood(tmp_path_factory.mktemp("house"), more=passwords)
    house.run("init", "--admin", ADMIN, "--password-stdin", given=PASSWORD.encode())
    server = "care%40quillfeather.example@mail.quillfeather.example"
    house.run("inbox", "add", "email", "--address", INBOX, "--name", "Care",
              "--imap-url", f"imaps://{server}", "--smtp-url", f"smtps://{server}")  # fmt: skip
    house.python(FACTOR)
    return house


def restored(house: Makegood, place: Path, **more: str) -> str:
    """What the console says; the backup is made and read with what `more` sets."""
    house.more |= more
    house.run("backup", str(place / "backup.tar"))
    copy = Makegood(place / "elsewhere", more=more)
    said = copy.run("restore", str(place / "backup.tar")).stdout.decode()
    house.more = {name: value for name, value in house.more.items() if name not in more}
    return said


def test_without_the_key_it_says_what_to_enter_again_and_where(house: Makegood, tmp_path: Path) -> None:
    said = restored(house, tmp_path).splitlines()

    assert said[-4:] == [
        "The secret key that sealed its passwords is not here, so they cannot be opened. Put the old file secret-key",
        f"into {tmp_path / 'elsewhere'}, or set MAKEGOOD_SECRET_KEY to the old key; or without it:",
        f"  - {INBOX}: enter its passwords, or sign it in, again under Settings, E-mail, Care",
        f"  - {ADMIN}: codes are not taken; `makegood new-password {ADMIN} --forget-second-step` lets them in",
    ]


def test_the_doctor_finds_what_the_key_does_not_open(house: Makegood, tmp_path: Path) -> None:
    restored(house, tmp_path)

    found = Makegood(tmp_path / "elsewhere").run("doctor", "--quick", check=False)

    assert [line for line in found.stdout.decode().splitlines() if line.startswith("WRONG")] == [
        "WRONG  secret key: another one sealed what is kept for "
        f"{INBOX}: enter its passwords, or sign it in, again under Settings, E-mail, Care",
        "WRONG  secret key: another one sealed what is kept for "
        f"{ADMIN}: codes are not taken; `makegood new-password {ADMIN} --forget-second-step` lets them in",
    ]
    assert (found.returncode, house.run("doctor", "--quick").returncode) == (1, 0)


def test_with_the_key_in_the_backup_there_is_nothing_to_say(house: Makegood, tmp_path: Path) -> None:
    said = restored(house, tmp_path, MAKEGOOD_BACKUP_PASSPHRASE="a lit porch")

    assert said.splitlines()[-1] == "when it shall take over, start it with: makegood serve --resume-sending"


def test_with_the_key_beside_the_backup_there_is_nothing_to_say(house: Makegood, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret-key").write_bytes((house.data / "secret-key").read_bytes())

    assert "secret-key" not in restored(house, tmp_path)


def test_a_backup_with_a_link_to_the_secret_key_is_not_put_back(house: Makegood, tmp_path: Path) -> None:
    house.run("backup", str(tmp_path / "backup.tar"))
    with tarfile.open(tmp_path / "backup.tar", "a") as archive:
        link = tarfile.TarInfo("files/ab/ab1d")
        link.type, link.linkname = tarfile.SYMTYPE, "../../secret-key"
        archive.addfile(link)

    copy = Makegood(tmp_path / "elsewhere")
    refused = copy.run("restore", str(tmp_path / "backup.tar"), check=False)

    assert (refused.returncode, (copy.data / "files" / "ab" / "ab1d").is_symlink()) == (1, False)
    assert b"is no backup of Makegood" in refused.stderr
