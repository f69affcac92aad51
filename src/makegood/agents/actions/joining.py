"""How agents come in: the first administrator by the console's link, everybody else by invitation."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from makegood.agents.events import AccessChanged, AgentInvited, AgentJoined, HouseNamed, InvitationWithdrawn
from makegood.agents.models import Agent, House, Invitation, Role, Team
from makegood.clock.now import now
from makegood.errors import Refused
from makegood.eventlog.recording import action, record

VALID = timedelta(hours=72)


@action
def create_first_admin(*, email: str, name: str, password: str, company: str = "") -> Agent:
    """Only while there is no administrator; of two at the same time one wins, by the house's one row."""
    if Agent.objects.filter(role=Role.ADMIN).exists():
        raise AlreadySetUp
    try:
        with transaction.atomic():
            House.objects.create(name=company)
    except IntegrityError as error:
        raise AlreadySetUp from error
    return _join(email=email, name=name, role=Role.ADMIN, password=password)


@action
def name_house(name: str, *, by: Agent) -> None:
    """What the company is called."""
    House.objects.update_or_create(pk=House.ONLY, defaults={"name": name})
    record(HouseNamed(), by=by.actor)


@action
def invite(*, email: str, role: Role, teams: Iterable[Team] = (), name: str = "", by: Agent) -> tuple[Invitation, str]:
    """The invitation and its token, which is nowhere else; valid for 72 hours, for this address and role, once.

    An earlier invitation of the same address ends.
    """
    if Agent.objects.filter(email=email.lower(), is_active=True).exists():
        raise Refused(_("%(email)s works here already.") % {"email": email})
    for earlier in Invitation.objects.open().filter(email=email.lower()):
        withdraw(earlier, by=by)
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


@action
def withdraw(invitation: Invitation, *, by: Agent) -> None:
    """The link is worth nothing any more."""
    if not Invitation.objects.open().filter(pk=invitation.pk).update(expires_at=now()):
        raise Refused(_("This invitation has been used, or is over already."))
    record(InvitationWithdrawn(invitation_id=invitation.pk), by=by.actor)


def open_invitation(token: str) -> Invitation | None:
    """The invitation behind a token, when it can still be used."""
    found: Invitation | None = Invitation.objects.open().filter(token_hash=hash_of(token)).first()
    return found


@action
def accept(token: str, *, name: str, password: str) -> Agent:
    """Join with it; of two at the same time one wins. Who comes back begins with the invitation's teams alone."""
    invitation = open_invitation(token)
    if invitation is None or not _use(invitation):
        raise Refused(_("This invitation has been used or is older than 72 hours. Ask for a new one."))
    agent = _join(email=invitation.email, name=name, role=Role(invitation.role), password=password)
    agent.teams.set(invitation.teams.all())
    record(AccessChanged(agent_id=agent.pk), by=agent.actor)
    return agent


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode(errors="replace")).hexdigest()


def check_password(password: str, agent: Agent) -> None:
    """Refuses a password that is too short, too common or too like the person's name."""
    try:
        validate_password(password, agent)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


class AlreadySetUp(Refused):
    """There is an administrator."""

    def __init__(self) -> None:
        super().__init__(_("Makegood is set up already. Sign in, or ask an administrator for an invitation."))


def _use(invitation: Invitation) -> bool:
    return bool(Invitation.objects.open().filter(pk=invitation.pk).update(used_at=now()))


def _join(*, email: str, name: str, role: Role, password: str) -> Agent:
    known = Agent.objects.filter(email=email.lower()).first()
    if known is not None and known.is_active:
        raise Refused(_("%(email)s works here already.") % {"email": email})
    agent = known or Agent(email=email.lower())
    agent.name, agent.role, agent.is_active = name, role, True
    check_password(password, agent)
    agent.set_password(password)
    agent.save()
    record(AgentJoined(agent_id=agent.pk, role=role), by=agent.actor)
    return agent
