"""Backups: one file with the database and the files, made while everything runs; and their return.

The secret key, which opens mailbox passwords, goes in only when MAKEGOOD_BACKUP_PASSPHRASE is set, encrypted with it.
Without, keep the file `secret-key` elsewhere, or enter the passwords again after a restore.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings
from django.db import connection, connections

from makegood.agents.actions.auditing import note_backup
from makegood.clock.now import now
from makegood.errors import Refused
from makegood.files.storing import root
from makegood.project import environment

KEPT = 14
LEFTOVER_SECONDS = 6 * 3600
FORMAT = 1
FOLDER_PREFIX = "backup-"
DATABASE, DUMP, ABOUT, KEY = "database.sqlite3", "database.dump", "about.json", "secret-key"
PRESENCE = "presence"  # a table


def backup(target: Path, *, overwrite: bool = False) -> int:
    """Write everything into `target` (a tar); its size in bytes. It appears whole under its name, or not at all.

    The database is copied first, files after it: a file may be there without its row, never a row without its file.
    What stands at `target` already is another backup, perhaps the only one: it is replaced only when that is asked.
    """
    if target.is_dir():
        raise Refused(f"{target} is a folder. Name a file in it, such as {target / 'makegood.tar'}.")
    if target.exists() and not overwrite:
        raise Refused(f"{target} is there already. Choose another name, or replace it with --overwrite.")
    making = target.with_name(target.name + ".part")
    try:
        with (
            tempfile.TemporaryDirectory(dir=settings.DATA, prefix=FOLDER_PREFIX) as folder,
            _written_durably(making) as archive,
        ):
            database = _copy_database(Path(folder))
            about = {"format": FORMAT, "made_at": now().isoformat(), "database": database.name}
            (Path(folder) / ABOUT).write_text(json.dumps(about))
            archive.add(Path(folder) / ABOUT, ABOUT)
            archive.add(database, database.name)
            if sealed := _sealed_key():
                (Path(folder) / KEY).write_bytes(sealed)
                archive.add(Path(folder) / KEY, KEY)
            _add_files(archive)
            names = archive.getnames()
        _require_whole(making, names)
        making.rename(target)
    except OSError as error:
        making.unlink(missing_ok=True)
        raise Refused(f"The backup could not be written to {target}: {error.strerror or error}") from error
    return target.stat().st_size


def restore(source: Path) -> dict[str, Any]:
    """Put a backup into the empty data folder (and, on PostgreSQL, the empty database); sending is paused there."""
    _require_empty()
    try:
        with tarfile.open(source) as archive:
            about: dict[str, Any] = json.loads(_member(archive, ABOUT).read())
            if about.get("format") != FORMAT:
                raise Refused(f"{source} is of format {about.get('format')}; this Makegood reads format {FORMAT}.")
            with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
                archive.extractall(folder, filter=_no_links)  # noqa: S202  which is stricter than "data"
                _put_back(Path(folder), str(about["database"]))
    except (tarfile.TarError, KeyError, json.JSONDecodeError, EOFError) as error:
        raise Refused(f"{source} is no backup of Makegood, or it is damaged: {error}") from error
    pause_sending()
    return about


def nightly() -> Path:
    """A backup in the data folder's `backups`; fourteen are kept."""
    folder = settings.DATA / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    _remove_leftovers(folder)
    _require_space()
    target = folder / f"makegood-{now():%Y-%m-%d-%H%M%S}.tar"
    backup(target, overwrite=True)
    note_backup(is_nightly=True)
    for old in sorted(folder.glob("makegood-*.tar"))[:-KEPT]:
        old.unlink()
    return target


def newest_backup() -> Path | None:
    """The last nightly one."""
    return max((settings.DATA / "backups").glob("makegood-*.tar"), default=None, key=lambda file: file.name)


def pause_sending() -> None:
    """A copy must not answer customers a second time. `makegood serve --resume-sending` ends it."""
    (settings.DATA / "sending-paused").touch(mode=0o600)


def _sealed_key() -> bytes:
    """Salt and ciphertext; nothing without a passphrase."""
    passphrase, file = os.environ.get("MAKEGOOD_BACKUP_PASSPHRASE", ""), settings.DATA / KEY
    if not passphrase or not file.is_file():
        return b""
    salt = os.urandom(16)
    return salt + _fernet(passphrase, salt).encrypt(file.read_bytes())


def _unseal_key(sealed: bytes) -> None:
    passphrase = os.environ.get("MAKEGOOD_BACKUP_PASSPHRASE", "")
    if not passphrase:
        raise Refused("This backup holds its secret key under a passphrase: set MAKEGOOD_BACKUP_PASSPHRASE.")
    try:
        key = _fernet(passphrase, sealed[:16]).decrypt(sealed[16:])
    except InvalidToken as error:
        raise Refused("MAKEGOOD_BACKUP_PASSPHRASE is not the one this backup was made with.") from error
    (settings.DATA / KEY).write_bytes(key)
    settings.SECRET_KEY = environment.secret_key(settings.DATA)  # this process began with another one


def _fernet(passphrase: str, salt: bytes) -> Fernet:
    """scrypt (RFC 7914) with 64 MiB, so that guessing passphrases costs."""
    derived = Scrypt(salt=salt, length=32, n=2**16, r=8, p=1).derive(passphrase.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def _copy_database(folder: Path) -> Path:
    if connection.vendor == "postgresql":
        return _dump_postgres(folder / DUMP)
    target = folder / DATABASE
    source = sqlite3.connect(str(connection.settings_dict["NAME"]))
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)  # in one step: in several, it begins again at each write of somebody else
        _forget_who_is_there(copy)
    finally:
        copy.close()
        source.close()
    return target


def _forget_who_is_there(copy: sqlite3.Connection) -> None:
    """Who looked at what in that minute is nothing to keep. A database that is about to be upgraded may know none."""
    if copy.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [PRESENCE]).fetchone():
        copy.execute(f"DELETE FROM {PRESENCE}")  # noqa: S608  our own name
        copy.commit()


def _dump_postgres(target: Path) -> Path:
    command = [
        "pg_dump", "--format=custom", "--no-owner", f"--exclude-table-data={PRESENCE}", f"--file={target}",
        os.environ["DATABASE_URL"],
    ]  # fmt: skip
    _run(command)
    return target


def _put_back(folder: Path, database: str) -> None:
    if (folder / KEY).is_file():
        _unseal_key((folder / KEY).read_bytes())
    if (folder / "files").is_dir():
        place = root()  # asked once: it makes the folder when it is not there
        shutil.rmtree(place)
        shutil.move(folder / "files", place)
    connections.close_all()
    if database == DUMP:
        _run(["pg_restore", "--no-owner", f"--dbname={os.environ['DATABASE_URL']}", str(folder / DUMP)])
    else:
        shutil.move(folder / DATABASE, str(connection.settings_dict["NAME"]))


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603  our own words only
    except FileNotFoundError as error:
        raise Refused(f"{command[0]} is not installed; it comes with PostgreSQL's client programs.") from error
    except subprocess.CalledProcessError as error:
        raise Refused(f"{command[0]} said: {error.stderr.decode(errors='replace').strip()[:500]}") from error


def _require_empty() -> None:
    if connection.introspection.table_names():
        raise Refused(f"There is data in {settings.DATA} already. Restore into an empty place: set MAKEGOOD_DATA.")


@contextmanager
def _written_durably(path: Path) -> Iterator[tarfile.TarFile]:
    """A tar that only we may read, on the disk to its last block when this ends."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as archive:
            yield archive
        file.flush()
        os.fsync(file.fileno())


def _require_whole(path: Path, names: list[str]) -> None:
    """Read it once more before it is called a backup: every member is there, and the end is the end of a tar."""
    with tarfile.open(path) as archive:
        found = archive.getnames()
    if found != names or path.stat().st_size % tarfile.RECORDSIZE:
        path.unlink()
        raise Refused(f"The backup was not written whole: {len(found)} of {len(names)} parts can be read again.")


def _add_files(archive: tarfile.TarFile) -> None:
    """A file may get its final name or be swept away while we walk; then it is not in this backup."""
    archive.add(root(), "files", recursive=False)
    for path in _whole_files():
        with suppress(FileNotFoundError):
            archive.add(path, f"files/{path.relative_to(root()).as_posix()}", recursive=False)


def _whole_files() -> Iterator[Path]:
    """Files that are still being written have no final name yet; they are left out."""
    return (path for path in sorted(root().rglob("*")) if path.suffix != ".part")


def _remove_leftovers(backups: Path) -> None:
    """What a killed backup left behind; one that is being made at this moment is younger than six hours."""
    for left in [*backups.glob("*.part"), *settings.DATA.glob(f"{FOLDER_PREFIX}*")]:
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime < LEFTOVER_SECONDS:
                continue
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink()


def _require_space() -> None:
    """The database is copied before it goes into the archive; a tenth more is left for everybody else."""
    needed = _database_size() * 11 // 10
    for path in _whole_files():
        with suppress(FileNotFoundError):
            needed += path.stat().st_size * 11 // 10
    free = shutil.disk_usage(settings.DATA).free
    if free < needed:
        raise Refused(f"The backup needs {needed // 1024**2} MB, but {free // 1024**2} MB are free in {settings.DATA}.")


def _database_size() -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    path = Path(str(connection.settings_dict["NAME"]))
    return path.stat().st_size if path.is_file() else 0


def _no_links(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo | None:
    """Ours has none: one among the files would show what lies elsewhere, such as the secret key, as an attachment."""
    if not (member.isfile() or member.isdir()):
        raise tarfile.SpecialFileError(member)
    return tarfile.data_filter(member, folder)


def _member(archive: tarfile.TarFile, name: str) -> Any:
    member = archive.extractfile(name)
    if member is None:
        raise KeyError(name)
    return member
