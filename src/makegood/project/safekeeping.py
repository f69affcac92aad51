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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings
from django.db import connection, connections

from makegood.clock.now import now
from makegood.errors import Refused
from makegood.files.storing import root

KEPT = 14
FORMAT = 1
DATABASE, DUMP, ABOUT, KEY = "database.sqlite3", "database.dump", "about.json", "secret-key"


def backup(target: Path) -> int:
    """Write everything into `target` (a tar); its size in bytes. It appears whole under its name, or not at all.

    The database is copied first, files after it: a file may be there without its row, never a row without its file.
    """
    making = target.with_name(target.name + ".part")
    try:
        with tempfile.TemporaryDirectory(dir=settings.DATA) as folder, _open_private(making) as archive:
            database = _copy_database(Path(folder))
            about = {"format": FORMAT, "made_at": now().isoformat(), "database": database.name}
            (Path(folder) / ABOUT).write_text(json.dumps(about))
            archive.add(Path(folder) / ABOUT, ABOUT)
            archive.add(database, database.name)
            if sealed := _sealed_key():
                (Path(folder) / KEY).write_bytes(sealed)
                archive.add(Path(folder) / KEY, KEY)
            archive.add(root(), "files", filter=_whole)
        with making.open("rb") as written:
            os.fsync(written.fileno())
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
                archive.extractall(folder, filter="data")
                _put_back(Path(folder), str(about["database"]))
    except (tarfile.TarError, KeyError, json.JSONDecodeError, EOFError) as error:
        raise Refused(f"{source} is no backup of Makegood, or it is damaged: {error}") from error
    pause_sending()
    return about


def nightly() -> Path:
    """A backup in the data folder's `backups`; fourteen are kept."""
    folder = settings.DATA / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"makegood-{now():%Y-%m-%d-%H%M%S}.tar"
    backup(target)
    for old in sorted(folder.glob("makegood-*.tar"))[:-KEPT]:
        old.unlink()
    return target


def newest_backup() -> Path | None:
    """The last nightly one."""
    return max((settings.DATA / "backups").glob("makegood-*.tar"), default=None, key=lambda file: file.name)


def backup_age_hours() -> float | None:
    """For health and doctor."""
    newest = newest_backup()
    return (now() - datetime.fromtimestamp(newest.stat().st_mtime, UTC)).total_seconds() / 3600 if newest else None


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
        source.backup(copy, pages=2000)  # SQLite's online backup: a consistent copy while others write
    finally:
        copy.close()
        source.close()
    return target


def _dump_postgres(target: Path) -> Path:
    command = ["pg_dump", "--format=custom", "--no-owner", f"--file={target}", os.environ["DATABASE_URL"]]
    _run(command)
    return target


def _put_back(folder: Path, database: str) -> None:
    if (folder / KEY).is_file():
        _unseal_key((folder / KEY).read_bytes())
    if (folder / "files").is_dir():
        shutil.rmtree(root())
        shutil.move(folder / "files", root())
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


def _open_private(path: Path) -> tarfile.TarFile:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return tarfile.open(fileobj=os.fdopen(descriptor, "wb"), mode="w")


def _whole(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Files that are still being written have no final name yet; they are left out."""
    return None if member.name.endswith(".part") else member


def _member(archive: tarfile.TarFile, name: str) -> Any:
    member = archive.extractfile(name)
    if member is None:
        raise KeyError(name)
    return member
