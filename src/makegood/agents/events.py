"""What can happen to the people who answer."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.eventlog.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentInvited(Event, name="agent.invited"):
    invitation_id: int
    role: str


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
class AccessChanged(Event, name="access.changed"):
    """Role, team or grants: open streams read their scopes anew. `agent_id` None means everybody."""

    agent_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRevoked(Event, name="session.revoked"):
    agent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamChanged(Event, name="team.changed"):
    team_id: int
