"""The first administrator comes in by a link that the console shows; afterwards it does not exist."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

from django.conf import settings

from makegood.agents.models import Agent


def is_set_up() -> bool:
    """Whether there is an administrator."""
    return Agent.objects.filter(role="admin").exists()


def setup_link() -> str:
    """The link while nobody is set up, else nothing. The token is kept in the data folder until it is used."""
    if is_set_up():
        _file().unlink(missing_ok=True)
        return ""
    if not _file().exists():
        _file().touch(mode=0o600)
        _file().write_text(secrets.token_urlsafe(24))
    return f"{settings.PUBLIC_URL}/welcome/{_file().read_text()}"


def is_token(token: str) -> bool:
    """Compared in constant time; never true once somebody is set up."""
    if is_set_up() or not _file().exists():
        return False
    return hmac.compare_digest(token.encode(), _file().read_bytes())


def _file() -> Path:
    return Path(settings.DATA) / "setup-token"
