"""What the pages about people read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from makegood.agents.devices import browser_and_system
from makegood.agents.models import Agent, DaysOff, House, Invitation, Role, Team, WorkingHours, office_week
from makegood.clock.hours import Hours
from makegood.clock.now import now
from makegood.database.selecting import kept
from makegood.eventlog.recording import read_once


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


def own_hours(team: Team | None) -> WorkingHours | None:
    """Those of the team, or of the house; None where nobody has said any."""
    return WorkingHours.objects.filter(team=team).first()


def hours_to_begin_with(team: Team | None) -> WorkingHours:
    """What a form shows where none are kept yet: a team begins with those of the house. Not saved."""
    house = own_hours(None) if team else None
    if house is None:
        return WorkingHours(team=team)
    return WorkingHours(team=team, week=house.week, country=house.country, region=house.region)


def zone_of(team: Team | None) -> str:
    """The time zone by which their day is counted."""
    return team.timezone if team and own_hours(team) else _house_zone()


def days_off_ahead(hours: WorkingHours) -> QuerySet[DaysOff]:
    """Those that are not over, for a year and a little."""
    today = now().date()
    return hours.days_off.filter(last_on__gte=today, first_on__lt=today + timedelta(days=400))


def teams_with_hours(agent: Agent) -> list[tuple[Team, bool]]:
    """The teams that the agent leads, and whether each has hours of its own."""
    own = set(WorkingHours.objects.exclude(team=None).values_list("team_id", flat=True))
    return [(team, team.pk in own) for team in Team.objects.led_by(agent)]


@read_once
def hours_of(team_id: int | None) -> Hours:
    """When this team works: its own hours, else the house's, else office hours.

    Days on which the whole house is closed are closed for every team; public holidays are each one's own.
    """
    rows = WorkingHours.objects.filter(Q(team=team_id) | Q(team=None)).select_related("team")
    by_team = {row.team_id: row for row in rows}
    house, own = by_team.get(None), by_team.get(team_id)
    chosen = own or house
    zone = chosen.team.timezone if chosen and chosen.team else _house_zone()
    week = chosen.week if chosen else office_week()
    return Hours(
        zone=ZoneInfo(zone),
        week=tuple(tuple((start, end) for start, end in day) for day in week),
        off=_off(chosen, house),
    )


def _house_zone() -> str:
    return House.objects.values_list("timezone", flat=True).first() or "UTC"


def _off(chosen: WorkingHours | None, house: WorkingHours | None) -> dict[date, str]:
    of_house = Q(hours=house, is_public=False) if house else Q(pk=None)
    rows = DaysOff.objects.filter(Q(hours=chosen) | of_house, is_worked=False) if chosen else DaysOff.objects.none()
    return {
        row.first_on + timedelta(days=number): row.name
        for row in rows
        for number in range((row.last_on - row.first_on).days + 1)
    }


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
