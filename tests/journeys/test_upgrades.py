"""The database of every release is brought up to date and keeps what was in it, also when that is killed midway."""

from __future__ import annotations

import gzip
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.counterparts.makegood import Makegood

RELEASES = sorted((Path(__file__).resolve().parents[1] / "releases").glob("*.sqlite3.gz"))
TABLES = (
    "message",
    "note",
    "conversation",
    "contact",
    "contact_handle",
    "event",
    "raw_message",
    "agent",
    "search_document",
)


def counts(database: Path) -> dict[str, int]:
    with sqlite3.connect(database) as connection:
        return {table: connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in TABLES}


def unpacked(release: Path, folder: Path) -> Makegood:
    (folder / "makegood.sqlite3").write_bytes(gzip.decompress(release.read_bytes()))
    return Makegood(folder, more={"DATABASE_URL": ""})


def test_there_is_a_database_of_this_release() -> None:
    assert RELEASES


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name.removesuffix(".sqlite3.gz"))
def test_an_older_database_keeps_everything(release: Path, tmp_path: Path) -> None:
    house = unpacked(release, tmp_path)
    before = counts(tmp_path / "makegood.sqlite3")

    house.run("migrate")

    assert counts(tmp_path / "makegood.sqlite3") == before
    assert house.run("doctor", "--quick", check=False).stdout.count(b"WRONG") == 0


@pytest.mark.parametrize("milliseconds", [200, 500, 900])
@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name.removesuffix(".sqlite3.gz"))
def test_an_upgrade_that_is_killed_is_begun_again(release: Path, milliseconds: int, tmp_path: Path) -> None:
    house = unpacked(release, tmp_path)
    before = counts(tmp_path / "makegood.sqlite3")

    command = [sys.executable, "-m", "makegood", "migrate"]
    upgrade = subprocess.Popen(command, env={**os.environ, **house.environment}, stdout=subprocess.DEVNULL)
    time.sleep(milliseconds / 1000)
    upgrade.kill()
    upgrade.wait()
    house.run("migrate")

    assert counts(tmp_path / "makegood.sqlite3") == before
