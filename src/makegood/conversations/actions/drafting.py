"""Drafts are saved while somebody types; they are no event, nobody else is told."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from makegood.agents.models import Agent
from makegood.conversations.models import Attachment, Conversation, Draft, Message, Note
from makegood.eventlog.recording import action


@action
def draft_for(conversation: Conversation | None, key: uuid.UUID, *, by: Agent) -> Draft:
    """The agent's draft under this key, made when there is none yet: something to put files on."""
    draft, _ = Draft.objects.get_or_create(
        key=key,
        agent=by,
        defaults={"conversation": conversation, "inbox": conversation.inbox if conversation else None},
    )
    return draft


@action
def save_draft(conversation: Conversation, fields: Mapping[str, Any], *, by: Agent) -> None:
    """Keep what is typed under its key; an empty one is dropped. A key that was sent meanwhile is no draft again."""
    key = fields["key"]
    if Message.objects.filter(key=key).exists() or Note.objects.filter(key=key).exists():
        return
    mine = Draft.objects.filter(key=key, agent=by, conversation=conversation)
    if not fields["text"].strip() and not Attachment.objects.filter(draft_id=key).exists():
        mine.delete()
        return
    kept = {name: fields[name] for name in ("text", "to", "cc", "bcc")} | {"mode": fields["mode"] or "reply"}
    if draft := mine.first():
        for name, value in kept.items():
            setattr(draft, name, value)
        draft.save()
    elif not Draft.objects.filter(key=key).exists():
        Draft.objects.create(key=key, agent=by, conversation=conversation, inbox=conversation.inbox, **kept)
