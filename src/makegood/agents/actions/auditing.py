"""Looking into the log leaves a trace in it."""

from __future__ import annotations

from makegood.agents.events import AuditRead, FactorAdded, FactorRemoved, FactorReplaced
from makegood.agents.models import Agent
from makegood.eventlog.recording import action, record


@action
def note_audit_read(*, of_actor: str, of_name: str, by: Agent) -> None:
    """Somebody reads the log, filtered by these; empty strings mean everything."""
    record(AuditRead(of_actor=of_actor, of_name=of_name), by=by.actor)


@action
def note_factor(kind: type[FactorAdded | FactorRemoved | FactorReplaced], agent: Agent, factor: str) -> None:
    """A second factor (`totp`, `webauthn`, `recovery_codes`) came, went or was made anew."""
    record(kind(agent_id=agent.pk, kind=factor), by=agent.actor)
