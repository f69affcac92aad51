"""What only agents see and write: notes, drafts, and the files that belong to either or to a message."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from makegood.agents.models import Agent
from makegood.conversations.models.conversation import Conversation
from makegood.conversations.models.message import Message
from makegood.files.models import StoredFile
from makegood.inboxes.models import Inbox


class Note(models.Model):
    """What only agents see. A table of its own, so that no way out can take it for a message."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="notes")
    home = models.ForeignKey(Conversation, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "note"
        indexes: ClassVar = [models.Index(fields=["conversation", "at", "id"], name="note_timeline")]

    def __str__(self) -> str:
        return self.text[:60]


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, agent: Agent) -> DraftQuerySet:
        """The agent's own, while they may see the conversation that it answers or hands on: it quotes and has files."""
        seen = Conversation.objects.visible_to(agent)
        answering = models.Q(conversation=None) | models.Q(conversation__in=seen)
        return self.filter(answering, models.Q(origin=None) | models.Q(origin__in=seen), agent=agent)


class Draft(models.Model):
    """What is being written: saved while typing, it survives the tab, the session and the server."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.CASCADE, related_name="drafts")
    home = models.ForeignKey(Conversation, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    inbox = models.ForeignKey(Inbox, null=True, on_delete=models.SET_NULL, related_name="+")
    origin = models.ForeignKey(Conversation, null=True, on_delete=models.SET_NULL, related_name="+")  # handed on from
    mode = models.CharField(max_length=8, default="reply")  # reply, note, forward, new
    subject = models.CharField(max_length=300, default="", blank=True)
    text = models.TextField(default="", blank=True)
    to = models.TextField(default="", blank=True)  # as typed
    cc = models.TextField(default="", blank=True)
    bcc = models.TextField(default="", blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        db_table = "draft"
        indexes: ClassVar = [models.Index(fields=["agent", "conversation"], name="draft_of")]

    def __str__(self) -> str:
        return self.text[:60]


class Attachment(models.Model):
    """A file that belongs to a message, a note or a draft (exactly one of them)."""

    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="attachments")
    note = models.ForeignKey(Note, null=True, on_delete=models.CASCADE, related_name="attachments")
    draft = models.ForeignKey(Draft, null=True, on_delete=models.SET_NULL, related_name="attachments")
    is_inline = models.BooleanField(default=False)
    content_id = models.CharField(max_length=255, default="", blank=True)

    class Meta:
        db_table = "attachment"

    def __str__(self) -> str:
        return str(self.file)
