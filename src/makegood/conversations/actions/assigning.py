"""Who answers."""

from __future__ import annotations

from makegood.agents.models import Agent, Team
from makegood.agents.policy import can
from makegood.conversations.events import ConversationAssigned
from makegood.conversations.models import Conversation, Message
from makegood.eventlog.events import SYSTEM
from makegood.eventlog.models import LoggedEvent
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


@action
def hand_over(conversation: Conversation, *, to: Team) -> None:
    """By itself, to the team that works now; who belongs to it keeps it, else it is nobody's there.

    Nothing happens when a person was quicker.
    """
    agent_id = conversation.assignee_id
    if agent_id is not None and not to.members.filter(pk=agent_id).exists():
        agent_id = None
    as_read = {"inbox": conversation.inbox_id, "team": conversation.team_id, "assignee": conversation.assignee_id}
    if Conversation.objects.filter(pk=conversation.pk, **as_read).update(assignee=agent_id, team=to.pk):
        record(ConversationAssigned(agent_id=agent_id, team_id=to.pk, **conversation.ids), by=SYSTEM)


@action
def take(answer: Message, *, by: Agent) -> None:
    """Who answers what is nobody's has it from then on; what is somebody's stays theirs."""
    conversation = answer.conversation
    if not can(by, "conversation.assign"):
        return
    if Conversation.objects.filter(pk=conversation.pk, assignee=None).update(assignee=by):
        conversation.assignee = by
        facts = {"agent_id": by.pk, "team_id": conversation.team_id}
        record(ConversationAssigned(message_id=answer.pk, **facts, **conversation.ids), by=by.actor)


@action
def give_back(answer: Message, *, by: Agent) -> None:
    """The answer is called back: to nobody again, unless its writer has answered since, or it was said whose it is."""
    conversation = answer.conversation
    if conversation.messages.filter(direction=Message.OUT, agent=answer.agent_id, pk__gt=answer.pk).exists():
        return
    said = LoggedEvent.objects.filter(conversation_id=conversation.pk, name=ConversationAssigned.name)
    last = said.order_by("-id").first()
    if last is None or last.data.get("message_id") != answer.pk:
        return
    if Conversation.objects.filter(pk=conversation.pk, assignee=answer.agent_id).update(assignee=None):
        conversation.assignee = None
        record(ConversationAssigned(team_id=conversation.team_id, **conversation.ids), by=by.actor)
