"""Which inboxes a team may open."""

from __future__ import annotations

from collections.abc import Iterable

from makegood.agents.events import AccessChanged
from makegood.agents.models import Agent, Team
from makegood.eventlog.recording import action, record
from makegood.inboxes.events import InboxUpdated
from makegood.inboxes.models import Inbox
from makegood.inboxes.queries import open_to


@action
def grant(team: Team, inboxes: Iterable[Inbox], *, by: Agent) -> None:
    """The team may open these and, of those that `by` may open, no others: nobody gives or takes what they lack."""
    within = set(open_to(by).values_list("pk", flat=True))
    wanted = {inbox.pk for inbox in inboxes} & within
    granted = set(Inbox.teams.through.objects.filter(team=team, inbox_id__in=within).values_list("inbox_id", flat=True))
    for inbox in Inbox.objects.filter(pk__in=wanted ^ granted):
        if inbox.pk in wanted:
            inbox.teams.add(team)
        else:
            inbox.teams.remove(team)
        record(InboxUpdated(inbox_id=inbox.pk, fields=["teams"], scope=inbox.pk), by=by.actor)
    if wanted != granted:
        record(AccessChanged(), by=by.actor)
