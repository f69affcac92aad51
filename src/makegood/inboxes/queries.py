"""Which inboxes a person may open; every row that belongs to an inbox is limited by this."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from makegood.agents.models import Agent, Team
from makegood.database.selecting import kept
from makegood.errors import Refused
from makegood.eventlog.recording import read_once
from makegood.inboxes.models import Inbox


def open_to(agent: Agent) -> QuerySet[Inbox]:
    """The inboxes that this agent's teams may open, or that are open to all. Administrators open every one."""
    if not agent.is_active:
        return Inbox.objects.none()
    return Inbox.objects.all() if agent.is_admin else _open_to_teams_of(agent.pk)


def _open_to_teams_of(agent_id: int) -> QuerySet[Inbox]:
    granted = Inbox.teams.through.objects.filter(team__members=agent_id).values("inbox_id")
    return Inbox.objects.filter(Q(is_open_to_all=True) | Q(pk__in=granted))


def inboxes_open_to(team: Team) -> QuerySet[Inbox]:
    """The inboxes that all members of this team may open."""
    return Inbox.objects.filter(
        Q(is_open_to_all=True) | Q(pk__in=Inbox.teams.through.objects.filter(team=team).values("inbox_id"))
    )


def teams_that_open(inbox: Inbox) -> QuerySet[Team]:
    """The teams whose members may all open this inbox."""
    return Team.objects.all() if inbox.is_open_to_all else Team.objects.filter(pk__in=inbox.teams.values("pk"))


def opened_by(agent: Agent) -> list[Inbox]:
    """The same, read once for this agent object: a request has its own, so it is as fresh as the request."""
    known: list[Inbox] | None = agent.__dict__.get("_opened")
    if known is None:
        read = _all() if agent.is_admin else _of_teams(agent.pk)
        known = agent.__dict__["_opened"] = read if agent.is_active else []
    return known


@kept
def _all() -> QuerySet[Inbox]:
    return Inbox.objects.all()


@kept
def _of_teams(agent_id: int) -> QuerySet[Inbox]:
    return _open_to_teams_of(agent_id)


def scopes_of(agent: Agent) -> list[int]:
    """The ids of those inboxes: what rows, events and search results are compared with."""
    return sorted(inbox.pk for inbox in opened_by(agent))


def others_like(inbox: Inbox, agent: Agent) -> list[Inbox]:
    """Where a conversation of this inbox could be moved to: what the agent may open, on the same kind of channel."""
    others = (one for one in opened_by(agent) if one.is_active and one.channel == inbox.channel)
    return [one for one in others if one.pk != inbox.pk]


def named(name: str) -> Inbox:
    """The inbox that somebody names on the console, by its name or address; refuses with those there are."""
    found = Inbox.objects.filter(Q(name=name) | Q(address=name.lower())).first()
    if found is None:
        known = ", ".join(Inbox.objects.values_list("address", flat=True)) or "none yet"
        raise Refused(f"There is no inbox {name}. Known: {known}.")
    return found


@read_once
def own_addresses() -> frozenset[str]:
    """What we ourselves are written to at, in lower case."""
    return frozenset(address for inbox in Inbox.objects.only("address", "settings") for address in inbox.addresses)
