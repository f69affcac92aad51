"""Which inboxes a person may open; every row that belongs to an inbox is limited by this."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from makegood.agents.models import Agent, Team
from makegood.inboxes.models import Inbox


def open_to(agent: Agent) -> QuerySet[Inbox]:
    """The inboxes that this agent's teams may open, or that are open to all. Administrators open every one."""
    if not agent.is_active:
        return Inbox.objects.none()
    if agent.is_admin:
        return Inbox.objects.all()
    granted = Inbox.teams.through.objects.filter(team__members=agent).values("inbox_id")
    return Inbox.objects.filter(Q(is_open_to_all=True) | Q(pk__in=granted))


def teams_that_open(inbox: Inbox) -> QuerySet[Team]:
    """The teams whose members may all open this inbox."""
    return Team.objects.all() if inbox.is_open_to_all else Team.objects.filter(pk__in=inbox.teams.values("pk"))


def opened_by(agent: Agent) -> list[Inbox]:
    """The same, read once for this agent object: a request has its own, so it is as fresh as the request."""
    known: list[Inbox] | None = agent.__dict__.get("_opened")
    if known is None:
        known = agent.__dict__["_opened"] = list(open_to(agent))
    return known


def scopes_of(agent: Agent) -> list[int]:
    """The ids of those inboxes: what rows, events and search results are compared with."""
    return sorted(inbox.pk for inbox in opened_by(agent))


def own_addresses() -> set[str]:
    """What we ourselves are written to at, in lower case."""
    return {address.lower() for address in Inbox.objects.values_list("address", flat=True)}
