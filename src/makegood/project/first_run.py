"""The first administrator comes in by a link that the console shows; afterwards it does not exist."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from django.conf import settings

from makegood.agents.models import Agent

UNDER_WAY = "first_run"  # in the session of whoever is at it


def is_set_up() -> bool:
    """Whether there is an administrator."""
    return Agent.objects.filter(role="admin").exists()


def setup_link() -> str:
    """The link while nobody is set up, else nothing. The token is kept in the data folder until it is used."""
    if is_set_up():
        spend()
        return ""
    if not _token():
        _make()
    return f"{settings.PUBLIC_URL}/welcome/{_token()}"


def is_token(token: str) -> bool:
    """Compared in constant time; never true without a token of ours, nor once somebody is set up."""
    kept = _token()
    return bool(kept) and hmac.compare_digest(token.encode(errors="replace"), kept.encode()) and not is_set_up()


def spend() -> None:
    """The token has been used: it goes."""
    _file().unlink(missing_ok=True)


def _token() -> str:
    try:
        return _file().read_text()
    except FileNotFoundError:
        return ""


def _make() -> None:
    """Written under another name first: nobody reads half a token, and of two processes the first one's stays."""
    draft = _file().with_name(f"setup-token.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(24))
    try:
        os.link(draft, _file())
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _file() -> Path:
    return Path(settings.DATA) / "setup-token"
