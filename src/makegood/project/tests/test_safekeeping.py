"""Backups hold every whole file, and a killed one leaves nothing behind."""

from __future__ import annotations

import argparse
import getpass
import os
import tarfile
from pathlib import Path

import pytest
from django.db import connection

from makegood.errors import Refused
from makegood.eventlog.models import LoggedEvent
from makegood.project.commands import backup as command
from makegood.project.safekeeping import _require_whole, backup, nightly

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


@pytest.mark.parametrize("size", [0, 1, 511, 512, 4097, 8191, 65_537, 1_000_003])
def test_a_backup_is_on_the_disk_to_its_last_block(size: int, data: Path) -> None:
    content = os.urandom(size)
    (data / "files" / "ab" / "last").write_bytes(content)

    made = nightly()

    assert made.stat().st_size % tarfile.RECORDSIZE == 0
    with tarfile.open(made) as archive:
        member = archive.extractfile("files/ab/last")
        assert member is not None
        assert member.read() == content


def test_an_archive_that_was_cut_is_no_backup(data: Path) -> None:
    made = nightly()
    with tarfile.open(made) as archive:
        names = archive.getnames()
    with made.open("r+b") as cut:
        cut.truncate(made.stat().st_size - 512)

    with pytest.raises(Refused, match="not written whole"):
        _require_whole(made, names)
    assert not made.exists()


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


def test_a_file_that_is_there_is_replaced_only_when_that_is_asked(data: Path) -> None:
    older = data / "older.tar"
    older.write_bytes(b"the only copy")
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)

    with pytest.raises(Refused, match=r"is there already\. Choose another name, or replace it with --overwrite"):
        command.run(parser.parse_args([str(older)]))
    assert older.read_bytes() == b"the only copy"

    assert command.run(parser.parse_args([str(older), "--overwrite"])) == 0
    with tarfile.open(older) as archive:
        assert "about.json" in archive.getnames()


def test_a_folder_is_no_place_for_a_backup(data: Path) -> None:
    with pytest.raises(Refused, match=r"is a folder\. Name a file in it"):
        backup(data / "files")


def test_each_backup_is_in_the_audit(data: Path) -> None:
    nightly()
    command.run(argparse.Namespace(file=data / "by-hand.tar", overwrite=False))

    told = LoggedEvent.objects.filter(name="backup.made").order_by("id").values_list("data", flat=True)
    assert list(told) == [{"user": ""}, {"user": getpass.getuser()}]
