"""What Makegood answers by itself to one address, so that it never answers too often."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from makegood.conversations.models.conversation import Conversation


class AutomaticAnswers(models.Model):
    """One address: when it last got an automatic answer, and whether a person must look before it gets another."""

    address = models.CharField(max_length=320, unique=True)  # lower case
    answered_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_because = models.CharField(max_length=9, default="", blank=True)  # loops.Alarm
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.SET_NULL, related_name="+")  # there

    class Meta:
        db_table = "automatic_answers"
        indexes: ClassVar = [
            models.Index(
                fields=["stopped_at"], condition=models.Q(stopped_at__isnull=False), name="automatic_answers_stopped"
            ),
        ]

    def __str__(self) -> str:
        return self.address
