"""Teams are made, renamed and joined."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from makegood.agents.events import AccessChanged, TeamAdded, TeamChanged
from makegood.agents.models import Agent, Team
from makegood.errors import Refused
from makegood.eventlog.recording import action, record


@action
def add_team(*, name: str, by: Agent) -> Team:
    """A lead who makes a team belongs to it; else they could not lead it."""
    team = Team(name=name)
    _save(team)
    if not by.is_admin:
        team.members.add(by)
    record(TeamAdded(team_id=team.pk), by=by.actor)
    return team


@action
def change_team(team: Team, *, name: str, members: Iterable[Agent], by: Agent) -> None:
    """Its name and who belongs to it."""
    team.name = name
    _save(team)
    before = set(team.members.values_list("pk", flat=True))
    after = {member.pk for member in members}
    team.members.set(after)
    record(TeamChanged(team_id=team.pk), by=by.actor)
    for agent_id in sorted(before ^ after):
        record(AccessChanged(agent_id=agent_id), by=by.actor)


def _save(team: Team) -> None:
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError as error:
        raise Refused(_("There is a team called %(name)s already.") % {"name": team.name}) from error
