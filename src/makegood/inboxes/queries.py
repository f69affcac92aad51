"""Which inboxes a person may open; every row that belongs to an inbox is limited by this."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from makegood.agents.models import Agent
from makegood.inboxes.models import Inbox


def open_to(agent: Agent) -> QuerySet[Inbox]:
    """The inboxes that this agent's teams may open, or that are open to all. Administrators open every one."""
    if not agent.is_active:
        return Inbox.objects.none()
    if agent.is_admin:
        return Inbox.objects.all()
    granted = Inbox.teams.through.objects.filter(team__members=agent).values("inbox_id")
    return Inbox.objects.filter(Q(is_open_to_all=True) | Q(pk__in=granted))


def scopes_of(agent: Agent) -> list[int]:
    """The ids of those inboxes: what rows, events and search results are compared with."""
    return list(open_to(agent).order_by("pk").values_list("pk", flat=True))
