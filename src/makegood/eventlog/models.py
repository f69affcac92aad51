"""The log itself, append-only, and the cursors of those who read it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class LoggedEvent(models.Model):
    """One thing that happened. Ids are in commit order; `data` holds ids and small facts, never bodies or addresses."""

    at = models.DateTimeField()
    name = models.CharField(max_length=64)
    actor = models.CharField(max_length=48)  # "agent:7", "contact:3", "rule:2", "system:"
    scope = models.BigIntegerField(null=True)  # the inbox id, opaque to the log
    conversation_id = models.BigIntegerField(null=True)
    contact_id = models.BigIntegerField(null=True)
    cause_id = models.BigIntegerField(null=True)  # the event that led to this one
    data = models.JSONField(default=dict)

    class Meta:
        db_table = "event"
        indexes: ClassVar = [
            models.Index(fields=["conversation_id", "id"], name="event_conversation"),
            models.Index(fields=["contact_id", "id"], name="event_contact"),
            models.Index(fields=["name", "id"], name="event_name"),
            models.Index(fields=["actor", "id"], name="event_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.name}"


class Cursor(models.Model):
    """How far a subscriber has read."""

    subscriber = models.CharField(max_length=200, primary_key=True)
    position = models.BigIntegerField(default=0)

    class Meta:
        db_table = "event_cursor"

    def __str__(self) -> str:
        return f"{self.subscriber} at {self.position}"
