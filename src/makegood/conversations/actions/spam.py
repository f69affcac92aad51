"""What nobody asked for: out of sight, never deleted, and back with one press."""

from __future__ import annotations

from makegood.agents.models import Agent
from makegood.conversations.events import ConversationClearedOfSpam, ConversationMarkedSpam
from makegood.conversations.models import Conversation
from makegood.eventlog.recording import action, record


@action
def mark_spam(conversation: Conversation, *, by: Agent) -> None:
    """Into the spam view; what is held back stays there, and what was merged where it went."""
    elsewhere = [Conversation.SPAM, Conversation.HELD, Conversation.MERGED]
    rows = Conversation.objects.filter(pk=conversation.pk).exclude(status__in=elsewhere)
    if rows.update(status=Conversation.SPAM, snoozed_until=None):
        conversation.status = Conversation.SPAM
        record(ConversationMarkedSpam(**conversation.ids), by=by.actor)


@action
def clear_of_spam(conversation: Conversation, *, by: Agent) -> None:
    """It was none: open."""
    rows = Conversation.objects.filter(pk=conversation.pk, status=Conversation.SPAM)
    if rows.update(status=Conversation.OPEN):
        conversation.status = Conversation.OPEN
        record(ConversationClearedOfSpam(**conversation.ids), by=by.actor)
