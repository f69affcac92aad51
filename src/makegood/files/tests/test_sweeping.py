"""What belongs to no row goes after two days; what is in use, or taken into use at this moment, stays."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from makegood.files.storing import path_of, root, store, write_durably
from makegood.files.sweeping import STORED, orphans, stored, sweep

pytestmark = pytest.mark.django_db
ORPHAN = "ab/abababababababababababababababab"


def aged(path: Path, days: float = 3) -> Path:
    moment = time.time() - days * 86400
    os.utime(path, (moment, moment))
    return path


def written(name: str, days: float = 3) -> Path:
    write_durably(root() / name, b"content")
    return aged(root() / name, days)


def test_bytes_without_a_row_go_after_two_days() -> None:
    kept, old, young = aged(path_of(store("pole.txt", "text/plain", b"words"))), written(ORPHAN), written("cd/cd", 1)
    half = written("ab/ef.0011223344556677.part")

    assert sweep(STORED, stored) == 2
    assert [path.exists() for path in (kept, old, young, half)] == [True, False, True, False]
    assert list(orphans(STORED, stored)) == []


def test_what_is_taken_into_use_meanwhile_stays() -> None:
    touched, named = written(ORPHAN), written("cd/" + "cd" * 16)
    asked = 0

    def known(names: list[str]) -> list[str]:
        nonlocal asked
        asked += 1
        if asked == 1:  # the sweep has looked; now somebody comes
            os.utime(touched)
            return []
        return ["cd/" + "cd" * 16]

    assert sweep(STORED, known) == 0
    assert (touched.read_bytes(), named.read_bytes()) == (b"content", b"content")


def test_a_sweep_that_was_killed_is_ended_by_the_next() -> None:
    left, kept = written(ORPHAN + ".swept"), aged(path_of(store("pole.txt", "text/plain", b"words")))
    kept.rename(kept.with_name(kept.name + ".swept"))

    assert sweep(STORED, stored) == 1
    assert (left.exists(), kept.read_bytes()) == (False, b"words")


def test_other_folders_are_nobodys_business_here() -> None:
    others = [written("raw/ab/ab"), written("outbox/ab/ab"), written("of-another-room/ab")]

    assert sweep(STORED, stored) == 0
    assert all(path.exists() for path in others)
