"""Who answers."""

from __future__ import annotations

from makegood.agents.models import Agent, Team
from makegood.conversations.events import ConversationAssigned
from makegood.conversations.models import Conversation
from makegood.eventlog.recording import action, record


@action
def assign(conversation: Conversation, *, to: Agent | None, by: Agent, team: Team | None = None) -> None:
    """Give it to one agent, or to nobody; with `team`, to that team as well. Nothing happens when it is so already."""
    team_id = team.pk if team else conversation.team_id
    agent_id = to.pk if to else None
    if (conversation.assignee_id, conversation.team_id) == (agent_id, team_id):
        return
    conversation.assignee_id, conversation.team_id = agent_id, team_id
    conversation.save(update_fields=["assignee", "team"])
    record(ConversationAssigned(agent_id=agent_id, team_id=team_id, **conversation.ids), by=by.actor)
