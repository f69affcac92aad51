"""What messages of an inbox may have. Each channel tells it at start; pages and actions ask `inbox.can`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Abilities:
    """Of one kind of channel; core code asks this, never which channel it is."""

    html: bool = False
    attachments: bool = False
    subject: bool = False
    several_recipients: bool = False


KNOWN: dict[str, Abilities] = {}


def abilities_of(kind: str) -> Abilities:
    """None at all for a channel that this installation does not know."""
    return KNOWN.get(kind, Abilities())
