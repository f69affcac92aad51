"""Backups hold every whole file, and a killed one leaves nothing behind."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest
from django.db import connection

from makegood.errors import Refused
from makegood.project.safekeeping import nightly

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="about the embedded database"),
]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder with a small database."""
    monkeypatch.setattr("django.conf.settings.DATA", tmp_path)
    monkeypatch.setattr("django.conf.settings.FILES", tmp_path / "files")
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "database.sqlite3"))
    (tmp_path / "files" / "ab").mkdir(parents=True)
    return tmp_path


def test_a_backup_holds_the_whole_files_alone(data: Path) -> None:
    (data / "files" / "ab" / "whole").write_bytes(b"x")
    (data / "files" / "ab" / "half.part").write_bytes(b"x")

    with tarfile.open(nightly()) as archive:
        names = archive.getnames()

    assert names == ["about.json", "database.sqlite3", "files", "files/ab", "files/ab/whole"]


def test_what_a_killed_backup_left_goes_with_the_next(data: Path) -> None:
    (data / "backups").mkdir()
    (data / "backups" / "makegood-old.tar.part").write_bytes(b"x")
    (data / "backup-k1lled").mkdir()
    (data / "backup-underway").mkdir()
    for left in (data / "backups" / "makegood-old.tar.part", data / "backup-k1lled"):
        os.utime(left, (0, 0))

    made = nightly()

    assert list((data / "backups").iterdir()) == [made]
    assert not (data / "backup-k1lled").exists()
    assert (data / "backup-underway").exists()


def test_without_room_a_backup_is_refused(data: Path) -> None:
    with (data / "files" / "ab" / "large").open("wb") as large:
        large.truncate(2**42)

    with pytest.raises(Refused, match=r"The backup needs \d+ MB, but \d+ MB are free"):
        nightly()
