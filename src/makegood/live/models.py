"""Who has which conversation open at this moment. It is kept no longer than that: no event, no audit, no export."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

LOOKING, REPLY, NOTE = "looking", "reply", "note"  # the last two: being written
GONE_SECONDS = 40  # after the last beat


class Presence(models.Model):
    """One row for each agent and conversation, overwritten at each beat of the page, which comes every 15 seconds.

    Ids and the inbox (`scope`) as numbers: this room knows neither agents nor conversations. `page` is a word that the
    page made up, so that one that leaves late takes nothing from the next. Times are seconds since 1970 by the
    database's clock, which all processes share.
    """

    agent_id = models.BigIntegerField()
    conversation_id = models.BigIntegerField()
    scope = models.BigIntegerField()
    doing = models.CharField(max_length=7)
    page = models.CharField(max_length=16)
    since = models.FloatField()
    seen_at = models.FloatField()

    class Meta:
        db_table = "presence"
        constraints: ClassVar = [models.UniqueConstraint(fields=["conversation_id", "agent_id"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} at {self.conversation_id}: {self.doing}"
