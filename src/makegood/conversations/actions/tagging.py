"""Labels put on and taken off."""

from __future__ import annotations

from makegood.agents.models import Agent
from makegood.conversations.events import ConversationTagged, ConversationUntagged
from makegood.conversations.models import Conversation, Tag
from makegood.eventlog.recording import action, record


@action
def tag(conversation: Conversation, name: str, *, by: Agent) -> Tag:
    """Put a label on; a new name makes a new label. Names are compared in lower case."""
    label, _ = Tag.objects.get_or_create(name=" ".join(name.lower().split())[:40])
    through = Tag.conversations.through._default_manager
    _, is_new = through.get_or_create(tag_id=label.pk, conversation_id=conversation.pk)
    if is_new:
        record(ConversationTagged(tag_id=label.pk, **conversation.ids), by=by.actor)
    return label


@action
def untag(conversation: Conversation, label: Tag, *, by: Agent) -> None:
    """Take a label off."""
    rows = Tag.conversations.through._default_manager.filter(tag_id=label.pk, conversation_id=conversation.pk)
    if rows.delete()[0]:
        record(ConversationUntagged(tag_id=label.pk, **conversation.ids), by=by.actor)
