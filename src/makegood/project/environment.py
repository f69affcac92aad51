"""Reads the settings that come from the environment (12-factor); every one has a working default."""

from __future__ import annotations

import os
import secrets
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from makegood.errors import Refused

LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


def data_place() -> Path:
    """MAKEGOOD_DATA, else `makegood` under the user's state directory."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(os.environ.get("MAKEGOOD_DATA") or Path(state) / "makegood").absolute()


def require_house() -> None:
    """A wrong MAKEGOOD_DATA must not look like an empty house, whose backup holds nothing and says that all is well."""
    place = data_place()
    kept = database(place)
    if kept["ENGINE"].endswith("sqlite3") and not Path(kept["NAME"]).exists():
        raise Refused(
            f"There is no Makegood in {place}. Say where it is with MAKEGOOD_DATA, as the server was told, and run the "
            "command as the same user. `makegood serve` or `makegood init` begins a new one."
        )


def data_folder() -> Path:
    """`data_place`, made when absent, 0700."""
    folder = data_place()
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
    parts, port = _split(url, "DATABASE_URL")
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
        "PORT": str(port or ""),
        "OPTIONS": {"prepare_threshold": 5, **options},  # see `database.preparing`
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


def port(default: int) -> int:
    """MAKEGOOD_PORT."""
    given = os.environ.get("MAKEGOOD_PORT") or str(default)
    if not _is_port(given):
        raise Refused(f"MAKEGOOD_PORT is {given}; it must be a number from 1 to 65535.")
    return int(given)


def public_url(default: str) -> str:
    """MAKEGOOD_URL without a slash at its end."""
    given = (os.environ.get("MAKEGOOD_URL") or default).rstrip("/")
    parts, _ = _split(given, "MAKEGOOD_URL")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise Refused(f"MAKEGOOD_URL is {given}; it must be like https://help.shop.example, without a path.")
    return given


def address(name: str) -> str:
    """Where to listen: host:port, or empty for nowhere."""
    given = os.environ.get(name, "").strip()
    if given and not _is_port(given.rpartition(":")[2]):
        raise Refused(f"{name} is {given}; it must be address:port, such as 127.0.0.1:8024.")
    return given


def networks(name: str) -> list[str]:
    """Addresses and networks, separated by commas."""
    given = listed(name)
    for one in given:
        try:
            ip_network(one, strict=False)
        except ValueError:
            raise Refused(f"{name} names {one}; it must be addresses or networks, such as 10.0.0.0/8.") from None
    return given


def log_level() -> str:
    """MAKEGOOD_LOG."""
    given = (os.environ.get("MAKEGOOD_LOG") or "INFO").upper()
    if given not in LEVELS:
        raise Refused(f"MAKEGOOD_LOG is {given}; it must be one of {', '.join(LEVELS)}.")
    return given


def _is_port(word: str) -> bool:
    return word.isascii() and word.isdecimal() and 0 < int(word[:6]) < 65536


def _split(url: str, name: str) -> tuple[SplitResult, int | None]:
    """And its port, when it names one. Neither it nor Python's error is repeated: both may hold a password."""
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError:
        words = "its port must be a number, and in a password / is written %2F, # %23, [ %5B"
        raise Refused(f"{name} cannot be read: {words}.") from None


def listed(name: str) -> list[str]:
    """A comma-separated setting as a list, without blanks."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]
