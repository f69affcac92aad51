"""What an administrator changes about the people who answer: role, teams, and whether they work here."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from makegood.agents.actions.signing_in import end_sessions
from makegood.agents.events import AccessChanged, AgentDeactivated, AgentReactivated, InvitationWithdrawn, RoleChanged
from makegood.agents.models import Agent, Invitation, Role, Team
from makegood.clock.now import now
from makegood.errors import Refused
from makegood.eventlog.recording import action, record


@action
def change_role(agent: Agent, role: Role, *, by: Agent) -> None:
    """From now on; the person's sessions get new keys with their next page. The last administrator stays one."""
    if agent.role == role:
        return
    if role != Role.ADMIN:
        _refuse_last_admin(agent)
    agent.role = role
    agent.save(update_fields=["role"])
    _withdraw_invitations(agent, by)
    record(RoleChanged(agent_id=agent.pk, role=role), by=by.actor)
    record(AccessChanged(agent_id=agent.pk), by=by.actor)


@action
def change_teams(agent: Agent, teams: Iterable[Team], *, by: Agent) -> None:
    """The teams the person belongs to, and no others."""
    wanted = {team.pk for team in teams}
    if wanted == set(agent.teams.values_list("pk", flat=True)):
        return
    agent.teams.set(wanted)
    record(AccessChanged(agent_id=agent.pk), by=by.actor)


@action
def deactivate(agent: Agent, *, by: Agent) -> None:
    """They leave: every session ends, invitations they wrote are worth nothing. The last administrator stays."""
    _refuse_last_admin(agent)
    if not Agent.objects.filter(pk=agent.pk, is_active=True).update(is_active=False):
        raise Refused(_("%(name)s has left already.") % {"name": agent.name})
    agent.is_active = False
    end_sessions(agent, by=by.actor)
    _withdraw_invitations(agent, by)
    record(AgentDeactivated(agent_id=agent.pk), by=by.actor)
    record(AccessChanged(agent_id=agent.pk), by=by.actor)


@action
def reactivate(agent: Agent, *, by: Agent) -> None:
    """They are back, with their old role, teams and password."""
    if not Agent.objects.filter(pk=agent.pk, is_active=False).update(is_active=True):
        raise Refused(_("%(name)s works here already.") % {"name": agent.name})
    agent.is_active = True
    record(AgentReactivated(agent_id=agent.pk), by=by.actor)
    record(AccessChanged(agent_id=agent.pk), by=by.actor)


def _refuse_last_admin(agent: Agent) -> None:
    """The rows are locked, so two administrators cannot send each other away at the same time."""
    admins = Agent.objects.active().filter(role=Role.ADMIN).order_by("pk").select_for_update()
    if [admin.pk for admin in admins] == [agent.pk]:
        raise Refused(_("Makegood needs one administrator. Make somebody else one first."))


def _withdraw_invitations(agent: Agent, by: Agent) -> None:
    """Who is no administrator any more has invited nobody."""
    if agent.is_admin and agent.is_active:
        return
    for invitation in Invitation.objects.open().filter(invited_by=agent):
        Invitation.objects.filter(pk=invitation.pk).update(expires_at=now())
        record(InvitationWithdrawn(invitation_id=invitation.pk), by=by.actor)
