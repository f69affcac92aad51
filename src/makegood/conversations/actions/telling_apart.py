"""The hint that a conversation may belong to another one is answered: it does not."""

from __future__ import annotations

from makegood.agents.models import Agent
from makegood.conversations.events import ConversationToldApart
from makegood.conversations.models import Conversation
from makegood.eventlog.recording import action, record


@action
def tell_apart(conversation: Conversation, *, by: Agent) -> None:
    """It stands on its own."""
    other = conversation.may_belong_to_id
    if other and Conversation.objects.filter(pk=conversation.pk, may_belong_to=other).update(may_belong_to=None):
        conversation.may_belong_to = None
        record(ConversationToldApart(other_id=other, **conversation.ids), by=by.actor)
