"""What was merged, split off and followed, so that it can be taken back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from makegood.agents.models import Agent
from makegood.conversations.models.conversation import Conversation
from makegood.conversations.models.message import Message
from makegood.conversations.models.writing import Note


class Merge(models.Model):
    """A conversation that went into another. Its words know by their `home` where to go back to.

    `status` and `snoozed_until` are those it had. `people` (addresses), `tags` and `followers` (ids) are those that the
    other has by it.
    """

    source = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    target = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    status = models.CharField(max_length=8)
    snoozed_until = models.DateTimeField(null=True)
    has_reopened = models.BooleanField(default=False)  # the other, which was closed
    people = models.JSONField(default=list)
    tags = models.JSONField(default=list)
    followers = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "conversation_merge"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(undone_at__isnull=True), name="conversation_merged_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} into {self.target_id}"


class Split(models.Model):
    """A conversation that began from a message of another, with all that came after it."""

    source = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    target = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="+")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "conversation_split"

    def __str__(self) -> str:
        return f"{self.target_id} from {self.source_id}"


class Parted(models.Model):
    """A message or a note that a split took along, and where it had its home before."""

    split = models.ForeignKey(Split, on_delete=models.CASCADE, related_name="parted")
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="+")
    note = models.ForeignKey(Note, null=True, on_delete=models.CASCADE, related_name="+")
    home = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "conversation_parted"

    def __str__(self) -> str:
        return f"{self.message_id or self.note_id} from {self.home_id}"


class Follow(models.Model):
    """An agent who wants to know how a conversation goes on that is not theirs."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "conversation_follow"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agent", "conversation"], name="conversation_followed_once")
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} follows {self.conversation_id}"
