"""What can happen to a contact."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.eventlog.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMet(Event, name="contact.met"):
    """Somebody wrote to us, or was written to, for the first time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactBlocked(Event, name="contact.blocked"):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactUnblocked(Event, name="contact.unblocked"):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMarkedForwarding(Event, name="contact.marked_forwarding"):
    """A form or shop: the customer stands in Reply-To."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactClearedOfForwarding(Event, name="contact.cleared_of_forwarding"):
    pass
