"""What an event is: a frozen dataclass of ids and small facts, with a name `noun.past_participle`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

COLUMNS = frozenset({"scope", "conversation_id", "contact_id"})
KNOWN: dict[str, type[Event]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all events. Subclasses name themselves: `class ReplySent(Event, name="reply.sent")`."""

    name: ClassVar[str] = ""
    scope: int | None = None
    conversation_id: int | None = None
    contact_id: int | None = None

    def __init_subclass__(cls, *, name: str = "") -> None:
        if name:  # a slotted dataclass is made twice; the second, final class takes the place of the first
            cls.name = name
        if cls.name:
            KNOWN[cls.name] = cls

    def facts(self) -> dict[str, Any]:
        """Everything but the columns of their own."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in COLUMNS}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it. `str(actor)` is how the log keeps it."""

    kind: str
    id: int | None = None

    def __str__(self) -> str:
        return f"{self.kind}:{self.id if self.id is not None else ''}"

    @classmethod
    def read(cls, kept: str) -> Actor:
        """The actor behind "agent:7"."""
        kind, _, number = kept.partition(":")
        return cls(kind, int(number) if number else None)


SYSTEM = Actor("system")


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as read back from the log, handed to reactions."""

    id: int
    name: str
    actor: Actor
    event: Event
    cause_id: int | None
