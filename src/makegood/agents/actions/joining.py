"""How agents come in: the first administrator by the console's link, everybody else by invitation."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from makegood.agents.events import AgentInvited, AgentJoined
from makegood.agents.models import Agent, Invitation, Role, Team
from makegood.clock.now import now
from makegood.errors import Refused
from makegood.eventlog.events import SYSTEM
from makegood.eventlog.recording import action, record

VALID = timedelta(hours=72)


@action
def create_first_admin(*, email: str, name: str, password: str, company: str = "") -> Agent:
    """Only while there is no administrator."""
    if Agent.objects.filter(role=Role.ADMIN).exists():
        raise Refused(_("Makegood is set up already. Sign in, or ask an administrator for an invitation."))
    return _join(email=email, name=name, role=Role.ADMIN, password=password)


@action
def invite(*, email: str, role: Role, teams: Iterable[Team] = (), name: str = "", by: Agent) -> tuple[Invitation, str]:
    """The invitation and its token, which is nowhere else; valid for 72 hours, for this address and role, once."""
    if Agent.objects.filter(email=email.lower(), is_active=True).exists():
        raise Refused(_("%(email)s works here already.") % {"email": email})
    token = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        email=email.lower(),
        name=name,
        role=role,
        token_hash=hash_of(token),
        invited_by=by,
        expires_at=now() + VALID,
    )
    invitation.teams.set(teams)
    record(AgentInvited(invitation_id=invitation.pk, role=role), by=by.actor)
    return invitation, token


def open_invitation(token: str) -> Invitation | None:
    """The invitation behind a token, when it can still be used."""
    unused = Invitation.objects.filter(token_hash=hash_of(token), used_at=None, expires_at__gt=now())
    return unused.first()


@action
def accept(token: str, *, name: str, password: str) -> Agent:
    """Join with it; of two at the same time one wins."""
    invitation = open_invitation(token)
    if invitation is None or not _use(invitation):
        raise Refused(_("This invitation has been used or is older than 72 hours. Ask for a new one."))
    agent = _join(email=invitation.email, name=name, role=Role(invitation.role), password=password)
    for team in invitation.teams.all():
        team.members.add(agent)
    return agent


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode()).hexdigest()


def _use(invitation: Invitation) -> bool:
    return bool(Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=now()))


def _join(*, email: str, name: str, role: Role, password: str) -> Agent:
    agent = Agent.objects.filter(email=email.lower(), is_active=False).first() or Agent(email=email.lower())
    agent.name, agent.role, agent.is_active = name, role, True
    try:
        validate_password(password, agent)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    agent.set_password(password)
    agent.save()
    record(AgentJoined(agent_id=agent.pk, role=role), by=agent.actor if agent.pk else SYSTEM)
    return agent
