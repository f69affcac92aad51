"""Two inboxes that would get the same mail are refused before they are stored."""

from __future__ import annotations

from django.utils.translation import gettext as _

from makegood.inboxes.addresses import is_among
from makegood.inboxes.models import Inbox


def address_fault(address: str, but: Inbox | None = None) -> str:
    """Why an inbox (`but` itself) cannot have this address beside the others; empty when it can."""
    places = {inbox: inbox.addresses - {inbox.address.lower()} for inbox in _others(but)}
    return _taken_by(next((inbox for inbox, theirs in places.items() if is_among(address, theirs)), None))


def reply_domain_fault(domain: str, address: str, but: Inbox | None = None) -> str:
    """The same of the domain that answers to this address are to come back to."""
    name, _at, own = address.lower().rpartition("@")
    if domain == own:
        return _("That is the domain of the address itself. Let answers come back to an address with a plus.")
    return _taken_by(next((other for other in _others(but) if other.is_at(f"{name}@{domain}")), None))


def _taken_by(inbox: Inbox | None) -> str:
    return _("Answers to %(inbox)s come back there.") % {"inbox": inbox.name} if inbox else ""


def _others(but: Inbox | None) -> list[Inbox]:
    return [inbox for inbox in Inbox.objects.filter(channel="email") if inbox != but]
