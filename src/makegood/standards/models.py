"""How soon we answer, for the house, an inbox, a team, or an inbox when a team answers it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce

from makegood.agents.models import Team
from makegood.inboxes.models import Inbox
from makegood.standards.targets import DEFAULT


class AnswerTarget(models.Model):
    """`first` and `following` are words of `targets.KNOWN`; of several that fit, the most special one holds."""

    inbox = models.ForeignKey(Inbox, null=True, blank=True, on_delete=models.CASCADE, related_name="+")  # None: any
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+")  # None: any
    first = models.CharField(max_length=8, default=DEFAULT)
    following = models.CharField(max_length=8, default=DEFAULT)

    class Meta:
        db_table = "answer_target"
        constraints: ClassVar = [
            models.UniqueConstraint(Coalesce("inbox", 0), Coalesce("team", 0), name="answer_target_once"),
        ]

    def __str__(self) -> str:
        return f"{self.inbox or '*'} / {self.team or '*'}: {self.first}, {self.following}"


class ReadyAnswer(models.Model):
    """Words that an inbox sends by itself to whoever begins a conversation; off until somebody has seen them whole."""

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="+")
    occasion = models.CharField(max_length=8)  # ready_answers.Occasion
    language = models.CharField(max_length=8, default="", blank=True)  # of the letter; "": every other one
    words = models.TextField(max_length=2000)
    is_on = models.BooleanField(default=False)

    class Meta:
        db_table = "ready_answer"
        ordering: ClassVar = ["inbox", "occasion", "language"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inbox", "occasion", "language"], name="ready_answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.occasion} {self.language}"
