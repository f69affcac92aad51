"""The shelves a list can show: mine, nobody's yet, open, snoozed, closed, spam; all, or of one inbox or team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import QuerySet

from makegood.agents.models import Agent
from makegood.conversations.models import Conversation

SHELVES = ("open", "mine", "nobody", "snoozed", "closed", "spam")
MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the address of a list says. `inbox` and `team` are ids, or None for all."""

    name: str = "open"
    inbox: int | None = None
    team: int | None = None

    @property
    def query(self) -> str:
        """For an address: what is not the default."""
        asked = {"view": self.name if self.name != "open" else "", "inbox": self.inbox, "team": self.team}
        return urlencode({name: value for name, value in asked.items() if value})

    def of(self, agent: Agent) -> QuerySet[Conversation]:
        """Its conversations, as far as the agent may see them, without an order."""
        rows = Conversation.objects.visible_to(agent)
        if self.inbox is not None:
            rows = rows.filter(inbox_id=self.inbox)
        if self.team is not None:
            rows = rows.filter(team_id=self.team)
        if self.name == "mine":
            return rows.filter(assignee=agent, status=Conversation.OPEN)
        if self.name == "nobody":
            return rows.filter(assignee=None, status=Conversation.OPEN)
        return rows.filter(status=self.name if self.name in Conversation.STATUSES else Conversation.OPEN)


def capped_counts(shelves: Mapping[Any, QuerySet[Any]]) -> dict[Any, int]:
    """How many rows each holds, in one statement; counting stops at 100, so the cost does not grow."""
    parts, parameters = [], []
    for rows in shelves.values():
        sql, given = rows.order_by().values("pk")[:MOST_COUNTED].query.sql_with_params()
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) counted)")  # noqa: S608  Django's own statement
        parameters += list(given)
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)
        return dict(zip(shelves, cursor.fetchone(), strict=True))
