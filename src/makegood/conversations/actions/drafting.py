"""Drafts are saved while somebody types; they are no event, nobody else is told."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from makegood.agents.models import Agent
from makegood.conversations.actions import placing
from makegood.conversations.models import Attachment, Conversation, Draft, Message, Note
from makegood.errors import Refused
from makegood.eventlog.recording import action


@action
def draft_for(conversation: Conversation | None, key: uuid.UUID, *, by: Agent) -> Draft | None:
    """The agent's draft under this key, made when there is none yet: something to put files on.

    None when the key was sent already: the same form came twice. Refuses a key under which somebody else writes.
    """
    if was_sent(key):
        return None
    refuse_taken(key, by=by)
    conversation = in_turn(conversation) if conversation else None
    draft, _is_new = Draft.objects.get_or_create(
        key=key,
        agent=by,
        defaults={"conversation": conversation, "inbox": conversation.inbox if conversation else None},
    )
    return draft


@action
def save_draft(conversation: Conversation, fields: Mapping[str, Any], *, by: Agent) -> None:
    """Keep what is typed under its key; an empty one is dropped. A key that was sent meanwhile is no draft again.

    Refuses a key under which somebody else writes or wrote, and one that belongs to another conversation.
    """
    key = fields["key"]
    conversation = in_turn(conversation)
    if was_sent(key, by=by):
        return
    refuse_taken(key, by=by)
    mine = Draft.objects.filter(key=key, agent=by, conversation=conversation)
    if not fields["text"].strip() and not Attachment.objects.filter(draft_id=key, draft__agent=by).exists():
        mine.delete()
        return
    kept = {name: fields[name] for name in ("text", "to", "cc", "bcc")} | {"mode": fields["mode"] or "reply"}
    if draft := mine.first():
        for name, value in kept.items():
            setattr(draft, name, value)
        draft.save()
    elif Draft.objects.filter(key=key).exists():
        raise _taken()
    else:
        Draft.objects.create(key=key, agent=by, conversation=conversation, inbox=conversation.inbox, **kept)


def in_turn(conversation: Conversation) -> Conversation:
    """The conversation as it is now, or the one that it was merged into meanwhile.

    Until the end nobody else writes in it: of two, the second finds the first's.
    """
    here = placing.in_turn(conversation.pk)
    is_as_it_was = (here.pk, here.status, here.inbox_id) == (
        conversation.pk,
        conversation.status,
        conversation.inbox_id,
    )
    return conversation if is_as_it_was else here


def was_sent(key: uuid.UUID, *, by: Agent | None = None) -> bool:
    """Whether a message or a note has this key; with `by`, one of theirs."""
    whose = {"agent": by} if by else {}
    return Message.objects.filter(key=key, **whose).exists() or Note.objects.filter(key=key, **whose).exists()


def refuse_taken(key: uuid.UUID, *, by: Agent) -> None:
    """Raise `Refused` for a key that was sent, under which somebody else writes, or whose draft they may not see.

    Whoever takes the agent's own letter or note for an answer looks for it first.
    """
    mine = Draft.objects.visible_to(by).values("pk")
    if was_sent(key) or Draft.objects.filter(key=key).exclude(pk__in=mine).exists():
        raise _taken()


def _taken() -> Refused:
    return Refused(_("Something else was written under this page already. Copy your words and open it again."))
