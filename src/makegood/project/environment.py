"""Reads the settings that come from the environment (12-factor); every one has a working default."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from makegood.errors import Refused


def data_folder() -> Path:
    """MAKEGOOD_DATA, else `makegood` under the user's state directory. Made when absent, 0700."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    folder = Path(os.environ.get("MAKEGOOD_DATA") or Path(state) / "makegood").absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid == os.geteuid():
            folder.chmod(0o700)  # also one that was there before, such as a volume
    except OSError as error:
        raise Refused(
            f"The data folder {folder} cannot be made: {error.strerror}. Set MAKEGOOD_DATA to a place you may write to."
        ) from error
    return folder


def secret_key(folder: Path) -> str:
    """MAKEGOOD_SECRET_KEY, else the key kept in the data folder, made at the first start."""
    if key := os.environ.get("MAKEGOOD_SECRET_KEY"):
        return key
    file = folder / "secret-key"
    if not file.exists():
        made = folder / f"secret-key.{os.getpid()}"
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48))
        try:
            os.link(made, file)  # the first process wins; a link never overwrites
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return file.read_text().strip()


def database(folder: Path) -> dict[str, Any]:
    """DATABASE_URL as Django wants it: SQLite in the data folder unless it says postgres://user:password@host:port/name."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        return _sqlite(folder / "makegood.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise Refused(f"DATABASE_URL starts with {parts.scheme}://; Makegood knows sqlite:// and postgres://.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # One writer at a time, asked for at the start: a transaction that reads, then writes, never fails half-way.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;"
            " PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;",
        },
    }


def listed(name: str) -> list[str]:
    """A comma-separated setting as a list, without blanks."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]
