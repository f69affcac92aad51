"""Who answers: agents, teams, invitations and the house they work in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from makegood.clock.now import now
from makegood.eventlog.events import Actor


class Role(models.TextChoices):
    """What an agent may do; `policy.py` holds the table."""

    ADMIN = "admin", _("Administrator")
    LEAD = "lead", _("Lead")
    AGENT = "agent", _("Agent")
    LIGHT = "light", _("Colleague (reads, notes and helps)")


class AgentManager(BaseUserManager["Agent"]):
    """Addresses are compared without regard to case."""

    def get_by_natural_key(self, username: str | None) -> Agent:
        return self.get(email=(username or "").lower())

    def active(self) -> models.QuerySet[Agent]:
        """Those who work here now."""
        return self.filter(is_active=True)


class Agent(AbstractBaseUser):
    """A person who answers. An agent who leaves is made inactive, never deleted."""

    email = models.EmailField(unique=True)  # in lower case
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.AGENT)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=8, default="", blank=True)
    timezone = models.CharField(max_length=64, default="", blank=True)
    theme = models.CharField(max_length=8, default="", blank=True)
    single_keys = models.BooleanField(default=True)
    signature = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[AgentManager] = AgentManager()

    class Meta:
        db_table = "agent"

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        """This agent as the log names them."""
        return Actor("agent", self.pk)

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN

    def get_full_name(self) -> str:
        """Asked for by allauth."""
        return self.name


class TeamQuerySet(models.QuerySet["Team"]):
    """Rows by who may change them."""

    def led_by(self, agent: Agent) -> TeamQuerySet:
        """Administrators lead every team, leads those they belong to, others none."""
        if agent.is_admin:
            return self
        return self.filter(members=agent) if agent.role == Role.LEAD else self.none()


class Team(models.Model):
    """Those who answer together. Which inboxes they may open is a matter of `inboxes`."""

    name = models.CharField(max_length=60, unique=True)
    timezone = models.CharField(max_length=64, default="UTC")
    members: models.ManyToManyField[Agent, Any] = models.ManyToManyField(
        Agent, db_table="team_member", related_name="teams"
    )
    objects: ClassVar = TeamQuerySet.as_manager()

    class Meta:
        db_table = "team"
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Rows by their state."""

    def open(self) -> InvitationQuerySet:
        """Those that can still be used."""
        return self.filter(used_at=None, expires_at__gt=now())


class Invitation(models.Model):
    """A link by which one person joins with one role; bound to the address, valid for 72 hours, usable once."""

    email = models.EmailField()
    name = models.CharField(max_length=100, default="", blank=True)
    role = models.CharField(max_length=8, choices=Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256; the token itself is only in the link
    invited_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    teams: models.ManyToManyField[Team, Any] = models.ManyToManyField(Team, db_table="invitation_team", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    objects: ClassVar = InvitationQuerySet.as_manager()

    class Meta:
        db_table = "invitation"

    def __str__(self) -> str:
        return self.email


class House(models.Model):
    """The company that answers here. Its one row is made with the first administrator: of two at once, one wins."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    name = models.CharField(max_length=100, default="", blank=True)
    timezone = models.CharField(max_length=64, default="UTC")

    class Meta:
        db_table = "house"
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="only_one_house")]

    def __str__(self) -> str:
        return self.name


def office_week() -> list[list[list[int]]]:
    """Monday to Friday from nine to five, as `WorkingHours.week` has it."""
    return [[[540, 1020]]] * 5 + [[], []]


class WorkingHours(models.Model):
    """When the house works, or a team with hours of its own; `queries.hours_of` reads them."""

    team = models.OneToOneField(Team, null=True, on_delete=models.CASCADE, related_name="+")  # None: the house
    week = models.JSONField(default=office_week)  # seven days, Monday first, of [start, end] in minutes
    country = models.CharField(max_length=2, default="", blank=True)  # whose public holidays
    region = models.CharField(max_length=40, default="", blank=True)
    language = models.CharField(max_length=8, default="", blank=True)  # in which they are named
    hands_to = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")  # at closing
    handed_at = models.DateTimeField(null=True, blank=True)  # up to when closings were looked at

    class Meta:
        db_table = "working_hours"
        constraints: ClassVar = [models.UniqueConstraint(Coalesce("team", 0), name="hours_once")]

    def __str__(self) -> str:
        return str(self.team or "")


class DaysOff(models.Model):
    """Days on which those who keep these hours do not work: a public holiday, or one of their own."""

    hours = models.ForeignKey(WorkingHours, on_delete=models.CASCADE, related_name="days_off")
    first_on = models.DateField()
    last_on = models.DateField()
    name = models.CharField(max_length=100)
    is_public = models.BooleanField(default=False)
    is_worked = models.BooleanField(default=False)  # a public holiday on which they work all the same

    class Meta:
        db_table = "days_off"
        ordering: ClassVar = ["first_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hours", "first_on"], condition=models.Q(is_public=True), name="holiday_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
