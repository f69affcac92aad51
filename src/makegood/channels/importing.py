"""A Maildir, an mbox or a folder of .eml files comes in; what is here already is recognised."""

from __future__ import annotations

import mailbox
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import batched
from pathlib import Path

from makegood.channels.intake import Arriving, raw_of, take_in
from makegood.inboxes.models import Inbox

AT_ONCE = 50


def import_mail(path: Path, inbox: Inbox, *, is_history: bool, tell: Callable[[int, int], None]) -> int:
    """Store every message raw, fifty in a transaction; says how many there were. May be stopped and run again."""
    total, done = sum(1 for _ in _sources(path)), 0
    for contents in batched(_sources(path), AT_ONCE):
        take_in([Arriving(inbox, raw_of(content()), is_history=is_history) for content in contents])
        done += len(contents)
        tell(done, total)
    return done


def _sources(path: Path) -> Iterator[Callable[[], bytes]]:
    """A reader for each message, so that counting them reads none."""
    if path.is_file():
        box = mailbox.mbox(path, create=False)
        for key in box.keys():  # noqa: SIM118  a mailbox is no dict
            yield partial(box.get_bytes, key)
    elif (path / "cur").is_dir():
        yield from _of_files(file for folder in ("cur", "new") for file in sorted((path / folder).glob("*")))
    else:
        yield from _of_files(sorted(path.rglob("*.eml")))


def _of_files(files: Iterable[Path]) -> Iterator[Callable[[], bytes]]:
    """No links: in a folder that came from elsewhere, one would make a letter of any file that we may read."""
    return (file.read_bytes for file in files if file.is_file() and not file.is_symlink())
