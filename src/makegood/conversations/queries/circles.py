"""Who of a letter's recipients belongs to the house."""

from __future__ import annotations

from collections.abc import Iterable

from makegood.agents.models import Agent
from makegood.conversations.circles import Circle
from makegood.inboxes.providers import SHARED
from makegood.inboxes.queries import own_addresses


def circle_around(emails: Iterable[str]) -> Circle:
    """Our inboxes with their domains, and those of these addresses that are colleagues'. Two queries."""
    inboxes = own_addresses()
    wanted = {email.lower() for email in emails}
    agents = {email.lower() for email in Agent.objects.filter(email__in=wanted).values_list("email", flat=True)}
    domains = {address.rpartition("@")[2] for address in inboxes} - SHARED
    return Circle(inboxes | agents, frozenset(domains))
