"""What a conversation is called among colleagues."""

from __future__ import annotations

from makegood.agents.models import Agent
from makegood.conversations.errors import NoSubject
from makegood.conversations.events import ConversationRenamed
from makegood.conversations.models import Conversation
from makegood.eventlog.recording import action, record


@action
def rename(conversation: Conversation, subject: str, *, by: Agent) -> None:
    """Letters go on under the subject of what they answer, so that the customer's mail program keeps them together."""
    words = " ".join(subject.split())[:300]
    if not words:
        raise NoSubject
    if Conversation.objects.filter(pk=conversation.pk).exclude(subject=words).update(subject=words):
        conversation.subject = words
        record(ConversationRenamed(**conversation.ids), by=by.actor)
