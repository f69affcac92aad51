"""What only agents see."""

from __future__ import annotations

import uuid

from makegood.agents.models import Agent
from makegood.clock.now import now
from makegood.conversations.actions import indexing
from makegood.conversations.actions.drafting import in_turn, refuse_taken
from makegood.conversations.errors import NothingWritten
from makegood.conversations.events import NoteWritten
from makegood.conversations.models import Attachment, Conversation, Draft, Note
from makegood.eventlog.recording import action, record


@action
def write_note(conversation: Conversation, text: str, *, key: uuid.UUID, by: Agent) -> Note:
    """A note on straw paper; written twice under one key it is one note."""
    conversation = in_turn(conversation)
    if known := Note.objects.filter(key=key, conversation=conversation, agent=by).first():
        return known
    refuse_taken(key, by=by)
    if not text.strip():
        raise NothingWritten
    note = Note.objects.create(conversation=conversation, agent=by, key=key, text=text, at=now())
    Attachment.objects.filter(draft_id=key, draft__agent=by).update(draft=None, note=note)
    Draft.objects.filter(key=key, agent=by).delete()
    indexing.index_note(note, conversation.inbox_id)
    record(NoteWritten(note_id=note.pk, **conversation.ids), by=by.actor)
    return note
