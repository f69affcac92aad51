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
