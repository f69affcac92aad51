"""What can happen to an inbox."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.eventlog.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxAdded(Event, name="inbox.added"):
    inbox_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxUpdated(Event, name="inbox.updated"):
    inbox_id: int
    fields: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxHealthChanged(Event, name="inbox.health_changed"):
    inbox_id: int
    health: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxTested(Event, name="inbox.tested"):
    inbox_id: int
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxTrustChanged(Event, name="inbox.trust_changed"):
    """What the DNS says of mail from this inbox is not what it said before."""

    inbox_id: int
