"""The passwords and tokens of an inbox, sealed."""

from __future__ import annotations

import json

from makegood.agents import sealing
from makegood.errors import Refused
from makegood.inboxes.models import Inbox


def seal(inbox: Inbox, secrets: dict[str, str]) -> None:
    """Set the inbox's secrets (not saved). Nothing is not sealed: no key is missed to open it."""
    inbox.secrets = sealing.seal(json.dumps(secrets)) if any(secrets.values()) else ""


def unseal(inbox: Inbox) -> dict[str, str]:
    """The inbox's secrets, empty when it has none; refuses when the secret key has changed since."""
    if not inbox.secrets:
        return {}
    opened: dict[str, str] = json.loads(sealing.unseal(inbox.secrets))
    return opened


def unseal_for_change(inbox: Inbox) -> dict[str, str]:
    """The same where they may be entered again: nothing when the secret key has changed since."""
    try:
        return unseal(inbox)
    except Refused:
        return {}
