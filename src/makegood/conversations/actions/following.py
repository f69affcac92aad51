"""Wanting to know how a conversation goes on that is somebody else's."""

from __future__ import annotations

from makegood.agents.models import Agent
from makegood.clock.now import now
from makegood.conversations.events import ConversationFollowed, ConversationUnfollowed
from makegood.conversations.models import Conversation, Follow
from makegood.eventlog.recording import action, record


@action
def follow(conversation: Conversation, *, by: Agent) -> None:
    """From now on."""
    _, is_new = Follow.objects.get_or_create(agent=by, conversation=conversation, defaults={"at": now()})
    if is_new:
        record(ConversationFollowed(**conversation.ids), by=by.actor)


@action
def unfollow(conversation: Conversation, *, by: Agent) -> None:
    """No longer."""
    if Follow.objects.filter(agent=by, conversation=conversation).delete()[0]:
        record(ConversationUnfollowed(**conversation.ids), by=by.actor)
