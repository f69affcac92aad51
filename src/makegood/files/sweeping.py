"""Files whose row was never committed (a rollback, a kill) are swept, long after anybody can still be writing them."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import batched
from pathlib import Path

from makegood.files.models import StoredFile
from makegood.files.storing import root

AGE = timedelta(days=2)  # more than a clock that is put right may jump
AT_ONCE = 500
SWEPT = ".swept"
ID = re.compile(r"[0-9a-f]{32}")
Known = Callable[[list[str]], Iterable[str]]  # of these paths below the root, those that a row names


def orphans(pattern: str, known: Known, *, age: timedelta = AGE) -> Iterator[Path]:
    """Files of this pattern, such as "raw/??/*", that are older and that no row names; half-written ones, too."""
    for some in batched(_old(pattern, age), AT_ONCE):
        named = set(known([_name(path) for path in some]))
        yield from (path for path in some if _name(path) not in named)


def sweep(pattern: str, known: Known, *, age: timedelta = AGE) -> int:
    """Remove them; says how many. One that somebody takes into use at this very moment stays."""
    return sum(_remove(path, known, age) for path in orphans(pattern, known, age=age))


def stored(names: list[str]) -> Iterable[str]:
    """`Known` of the files of this room."""
    return [file.key for file in StoredFile.objects.filter(id__in=ids_of(names)).only("id")]


def ids_of(names: Iterable[str]) -> list[uuid.UUID]:
    """Of files that are named by an id; half-written ones have none."""
    last_parts = (name.rpartition("/")[2] for name in names)
    return [uuid.UUID(part) for part in last_parts if ID.fullmatch(part)]


STORED = "[0-9a-f][0-9a-f]/*"


def _old(pattern: str, age: timedelta) -> Iterator[Path]:
    limit = time.time() - age.total_seconds()  # files carry the machine's time
    return (path for path in root().glob(pattern) if path.is_file() and path.stat().st_mtime < limit)


def _remove(path: Path, known: Known, age: timedelta) -> bool:
    """Out of sight first: whoever took it into use before has touched it or named it, and gets it back."""
    place = path.with_name(path.name.removesuffix(SWEPT))  # a sweep that was killed has left it aside
    aside = path.rename(place.with_name(place.name + SWEPT))
    is_young = aside.stat().st_mtime >= time.time() - age.total_seconds()
    if is_young or set(known([_name(place)])):
        aside.rename(place)
        return False
    aside.unlink()
    return True


def _name(path: Path) -> str:
    return path.relative_to(root()).as_posix()
