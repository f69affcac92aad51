"""A full disk, and the order of writing and answering."""

from __future__ import annotations

import os
import re
import shutil
import smtplib
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.counterparts.letters import TO, hand_in, stored
from tests.counterparts.makegood import Makegood, makegood
from tests.counterparts.waiting import eventually

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="about the embedded database"),
]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 24 MB; needs the right to mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder], check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_on_a_full_disk_mail_stays_with_its_sender_and_comes_in_later(small_disk: Path) -> None:
    house = Makegood(small_disk)
    house.run("init", "--admin", "marisol@quillfeather.example", "--password-stdin", given=b"correct horse battery")
    house.run("inbox", "add", "email", "--address", TO)
    house.start()
    try:
        hand_in(house, 1, 2)
        eventually(lambda: len(stored(house)) == 2)
        _fill(small_disk)

        with pytest.raises((smtplib.SMTPException, OSError)) as refused:
            hand_in(house, 3)
        assert "451" in str(refused.value)
        assert httpx.get(f"{house.url}/health").status_code == 503
        assert httpx.get(f"{house.url}/accounts/login/").status_code == 200

        (small_disk / "filler").unlink()
        eventually(lambda: _hands_in(house, 3), 30)
        eventually(lambda: len(stored(house)) == 3, 30)
        assert stored(house) == [f"<{number}@fenwick.example>" for number in (1, 2, 3)]
    finally:
        house.stop()


def _fill(folder: Path) -> None:
    with (folder / "filler").open("wb") as filler:
        try:
            while True:
                filler.write(b"x" * 65536)
                filler.flush()
        except OSError:
            pass


def _hands_in(house: Makegood, number: int) -> bool:
    try:
        hand_in(house, number)
    except (smtplib.SMTPException, OSError):
        return False
    return True


@pytest.mark.skipif(not shutil.which("strace"), reason="no strace here: see bin/counterparts")
def test_mail_is_on_the_disk_before_it_is_answered(tmp_path: Path) -> None:
    """R17: between the mail's last byte and "250" lies an fsync that has returned."""
    with makegood() as house:
        house.run("inbox", "add", "email", "--address", TO)
        trace = tmp_path / "trace"
        house.wrapper = (
            "strace",
            "-f",
            "-qq",
            "-o",
            str(trace),
            "-s",
            "400",
            "-e",
            "trace=recvfrom,sendto,fsync,fdatasync",
        )
        house.start()
        time.sleep(1)
        hand_in(house, 7)
        house.kill()  # strace keeps SIGTERM to itself

    lines = trace.read_text(errors="replace").splitlines()
    came = next(n for n, line in enumerate(lines) if "Words of letter 7" in line)
    answered = next(n for n, line in enumerate(lines) if n > came and "250 2.0.0 Stored" in line)
    synced = [line for line in lines[came:answered] if re.search(r"f(data)?sync(\(\d+\)| resumed>\))\s+= 0", line)]
    assert synced
