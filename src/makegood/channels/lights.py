"""How an inbox does, in a colour, a word and a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from makegood.inboxes.models import Inbox


@dataclass(frozen=True, slots=True)
class Light:
    """An inbox with its colour ("kept", "late", "soon", "std"), its word and its sentence; `url`: its settings."""

    inbox: Inbox
    state: str
    word: str
    said: str
    url: str = ""


def plain_light_of(inbox: Inbox) -> Light:
    """By its health alone, as its listener or its last message noted it."""
    if not inbox.is_active:
        return Light(inbox, "std", _("Off"), _("Nothing is fetched for it."))
    if inbox.health == "bad":
        return Light(inbox, "late", _("Trouble"), inbox.health_said)
    if inbox.health == "good":
        return Light(inbox, "kept", _("Good"), inbox.health_said)
    return Light(inbox, "std", _("Listening"), "")
