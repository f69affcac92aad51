"""What the pages about people read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from makegood.agents.devices import browser_and_system
from makegood.agents.models import Agent, House, Invitation, Role, Team
from makegood.clock.now import now
from makegood.database.selecting import kept


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One place where a person is signed in."""

    id: int
    device: str
    ip: str
    since: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class Factors:
    """What protects a person's sign-in beside the password."""

    totp: bool
    passkeys: list[Authenticator]
    codes_left: int | None  # None: there are no recovery codes

    @property
    def any(self) -> bool:
        return self.totp or bool(self.passkeys)


@kept
def by_name() -> QuerySet[Agent]:
    """Everybody, also those who have left: their names stand in what they wrote."""
    return Agent.objects.order_by("name")


def house_name() -> str:
    """What the company is called; empty until somebody says so."""
    return House.objects.values_list("name", flat=True).first() or ""


def staff() -> QuerySet[Agent]:
    """Everybody who works or worked here, with their teams; those who are here first."""
    return Agent.objects.order_by("-is_active", "name", "pk").prefetch_related("teams")


def teams() -> QuerySet[Team]:
    """Every team, with its members."""
    return Team.objects.prefetch_related("members").order_by("name")


def open_invitations() -> QuerySet[Invitation]:
    """Those that can still be used, newest first."""
    return Invitation.objects.open().select_related("invited_by").prefetch_related("teams").order_by("-pk")


def is_alone(agent: Agent) -> bool:
    """Whether nobody else works here or has been asked to."""
    return not Agent.objects.exclude(pk=agent.pk).exists() and not Invitation.objects.exists()


def is_last_admin(agent: Agent) -> bool:
    """Whether nobody else is an administrator."""
    others = Agent.objects.active().filter(role=Role.ADMIN).exclude(pk=agent.pk)
    return agent.is_admin and agent.is_active and not others.exists()


def sessions_of(agent: Agent, current: str | None) -> list[OpenSession]:
    """Where the agent is signed in, newest first; `current` is the key of the session that asks."""
    alive = Session.objects.filter(expire_date__gt=now()).values("session_key")
    rows = UserSession.objects.filter(user=agent, session_key__in=alive).order_by("-created_at", "-pk")
    return [
        OpenSession(row.pk, _device(row.user_agent), row.ip, row.created_at, row.session_key == current) for row in rows
    ]


def factors_of(agent: Agent) -> Factors:
    """Read in one query."""
    rows = list(Authenticator.objects.filter(user=agent).order_by("created_at"))
    codes = [row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES]
    return Factors(
        totp=any(row.type == Authenticator.Type.TOTP for row in rows),
        passkeys=[row for row in rows if row.type == Authenticator.Type.WEBAUTHN],
        codes_left=len(codes[0].wrap().get_unused_codes()) if codes else None,
    )


def recovery_codes_of(agent: Agent) -> list[str]:
    """Those that have not been used."""
    row = Authenticator.objects.filter(user=agent, type=Authenticator.Type.RECOVERY_CODES).first()
    return list(row.wrap().get_unused_codes()) if row else []


def _device(user_agent: str) -> str:
    browser, system = browser_and_system(user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown browser")
