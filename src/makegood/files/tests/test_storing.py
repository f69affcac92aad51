"""Bytes are on the disk under their name before anybody is told, and never half."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from makegood.files import storing
from makegood.files.storing import path_of, read, root, store, write_durably


@pytest.mark.django_db
def test_a_file_is_kept_under_a_random_name_for_us_alone() -> None:
    file = store("../../etc/passwd", "text/plain", b"content")

    assert (read(file), b"".join(storing.chunks(file)), file.size) == (b"content", b"content", 7)
    assert path_of(file) == root() / file.id.hex[:2] / file.id.hex
    assert (path_of(file).stat().st_mode & 0o777, path_of(file).parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_many_threads_can_write_the_same_name() -> None:
    path, content = root() / "raw" / "ab" / "abcdef", b"x" * 400_000

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: write_durably(path, content), range(16)))

    assert path.read_bytes() == content
    assert [entry.name for entry in path.parent.iterdir()] == ["abcdef"]


def test_what_a_killed_process_left_behind_is_in_nobodys_way() -> None:
    """In a container the next process has the number of the killed one."""
    path = root() / "raw" / "ab" / "abcdef"
    path.parent.mkdir(parents=True)
    path.with_suffix(f".{os.getpid()}.part").write_bytes(b"half")

    write_durably(path, b"whole")

    assert path.read_bytes() == b"whole"


def test_what_cannot_be_written_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    path = root() / "ab" / "abcdef"

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    root().joinpath("ab").mkdir()
    with pytest.raises(OSError, match="No space"):
        write_durably(path, b"content")

    assert list(path.parent.iterdir()) == []


def test_a_file_is_synced_and_so_is_each_new_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    synced, fsync = [], os.fsync

    def note(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        fsync(descriptor)

    base = root()
    monkeypatch.setattr(os, "fsync", note)

    write_durably(base / "raw" / "ab" / "abcdef", b"content")

    assert synced[:2] == [base, base / "raw"]
    assert (synced[2].parent, synced[2].suffix, synced[3]) == (base / "raw" / "ab", ".part", base / "raw" / "ab")
