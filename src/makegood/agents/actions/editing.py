"""What people change about themselves."""

from __future__ import annotations

from collections.abc import Mapping

from makegood.agents.events import AgentUpdated
from makegood.agents.models import Agent
from makegood.eventlog.recording import action, record


@action
def edit_profile(agent: Agent, fields: Mapping[str, object]) -> None:
    """Set the given fields; the event names those that are different now."""
    changed = sorted(name for name, value in fields.items() if getattr(agent, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(agent, name, fields[name])
    agent.save(update_fields=changed)
    record(AgentUpdated(agent_id=agent.pk, fields=changed), by=agent.actor)
