"""Keeps bytes durably: written, fsynced and named before the row that refers to them is committed."""

from __future__ import annotations

import errno
import os
import secrets
import uuid
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from makegood.clock.now import now
from makegood.database.inserting import insert
from makegood.files.models import StoredFile

CHUNK = 256 * 1024
DISK_TROUBLE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}


def root() -> Path:
    """The folder of files, 0700."""
    folder = Path(settings.FILES)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def store(name: str, content_type: str, content: bytes, *, id_: uuid.UUID | None = None) -> StoredFile:
    """Write the bytes, then the row; if that is rolled back, `sweep` finds the rest. `name` must have been cleaned."""
    file = StoredFile(
        id=id_ or uuid.uuid4(),
        name=name,
        content_type=content_type[:127],
        size=len(content),
        sha256=sha256(content).hexdigest(),
        created_at=now(),
    )
    write_durably(path_of(file), content)
    return insert(file)


def path_of(file: StoredFile) -> Path:
    """Where the bytes lie."""
    return root() / file.key


def read(file: StoredFile) -> bytes:
    """The whole content."""
    return path_of(file).read_bytes()


def chunks(file: StoredFile) -> Iterator[bytes]:
    """The content in pieces of 256 KiB."""
    with path_of(file).open("rb") as source:
        while piece := source.read(CHUNK):
            yield piece


def write_durably(path: Path, content: bytes) -> None:
    """Write, fsync the file, give it its name, fsync the folder: after this a power cut loses nothing."""
    _make_folder(path.parent)
    # Not the process id alone: threads write at once, and after a kill in a container the next process has the same.
    making = path.with_suffix(f".{secrets.token_hex(8)}.part")
    descriptor = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        making.rename(path)
    except OSError:
        making.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def is_of_disk(error: Exception) -> bool:
    """Whether it is the disk's trouble, which passes, and not that of what was to be written."""
    return isinstance(error, OSError) and error.errno in DISK_TROUBLE


def _make_folder(folder: Path) -> None:
    """With its parents; a new folder's own name is on the disk, too, before anything in it is promised."""
    if folder.exists():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
