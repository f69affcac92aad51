"""What can happen to the people who answer."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.eventlog.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentInvited(Event, name="agent.invited"):
    invitation_id: int
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationWithdrawn(Event, name="invitation.withdrawn"):
    invitation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentJoined(Event, name="agent.joined"):
    agent_id: int
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentUpdated(Event, name="agent.updated"):
    agent_id: int
    fields: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentDeactivated(Event, name="agent.deactivated"):
    agent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReactivated(Event, name="agent.reactivated"):
    agent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChanged(Event, name="role.changed"):
    agent_id: int
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessChanged(Event, name="access.changed"):
    """Role, team or grants: open streams read their scopes anew. `agent_id` None means everybody."""

    agent_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRevoked(Event, name="session.revoked"):
    agent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Event, name="agent.signed_in"):
    agent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut(Event, name="agent.signed_out"):
    agent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Event, name="password.changed"):
    agent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetLinkIssued(Event, name="reset_link.issued"):
    agent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorAdded(Event, name="second_factor.added"):
    """`kind`: totp, webauthn or recovery_codes."""

    agent_id: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRemoved(Event, name="second_factor.removed"):
    agent_id: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorForgotten(Event, name="second_factor.forgotten"):
    """By the server's own command, for somebody who has lost it."""

    agent_id: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorReplaced(Event, name="second_factor.replaced"):
    agent_id: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamAdded(Event, name="team.added"):
    team_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamChanged(Event, name="team.changed"):
    team_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursChanged(Event, name="hours.changed"):
    """When a team works, or the house (`team_id` None): all that is due may be due at another time."""

    team_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysOffAdded(Event, name="days_off.added"):
    """Days without work; `team_id` as above."""

    team_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysOffChanged(Event, name="days_off.changed"):
    """A public holiday is worked, or not any more."""

    team_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysOffRemoved(Event, name="days_off.removed"):
    team_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseNamed(Event, name="house.named"):
    """The name that people see of the company."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseExported(Event, name="house.exported"):
    """Everything, by a command on the server; `user` is the server's name of who gave it."""

    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupMade(Event, name="backup.made"):
    """`user` as above; empty for the one of every night."""

    user: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRead(Event, name="audit.read"):
    """Somebody looked into the log; what they filtered by, empty for everything."""

    of_actor: str = ""
    of_name: str = ""
