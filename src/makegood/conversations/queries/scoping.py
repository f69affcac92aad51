"""Whose a conversation is, for a request that asks nothing else."""

from __future__ import annotations

from makegood.agents.models import Agent
from makegood.agents.policy import can
from makegood.conversations.models import Conversation
from makegood.inboxes.queries import open_to


def scope_of(number: int, agent: Agent) -> int | None:
    """The inbox of a conversation that the agent may see, as `visible_to` has it, in one statement instead of two."""
    rows = Conversation.objects.filter(pk=number, inbox__in=open_to(agent))
    if not can(agent, "conversation.release"):
        rows = rows.exclude(status=Conversation.HELD)
    return rows.values_list("inbox_id", flat=True).first()
