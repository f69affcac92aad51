"""The shelves a list can show: mine, nobody's yet, open, snoozed, closed, spam, held; all, or of one inbox or team."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from makegood.agents.models import Agent
from makegood.conversations.models import Conversation

ANSWERED = ("open", "mine", "nobody")  # where answers are owed, so that an order can be chosen
SHELVES = ("open", "mine", "nobody", "snoozed", "closed", "spam", "held")
MOST_COUNTED = 100
Counting = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the address of a list says. `inbox` and `team` are ids, or None for all."""

    name: str = "open"
    inbox: int | None = None
    team: int | None = None

    @property
    def query(self) -> str:
        """For an address: what is not the default."""
        return self.query_with()

    def query_with(self, **more: str) -> str:
        """The same and more."""
        asked = {"view": self.name if self.name != "open" else "", "inbox": self.inbox, "team": self.team, **more}
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def has_orders(self) -> bool:
        """Whether its order can be chosen; of what is over the newest comes first."""
        return self.name in ANSWERED

    def of(self, agent: Agent) -> QuerySet[Conversation]:
        """Its conversations, as far as the agent may see them, without an order."""
        return self.among(Conversation.objects.visible_to(agent), agent.pk)

    def within(self, agent_id: int, scopes: Iterable[int]) -> QuerySet[Conversation]:
        """The same for an agent whose scopes are known; not for what is held back, which is never counted."""
        return self.among(Conversation.objects.within(scopes), agent_id)

    def among(self, rows: QuerySet[Conversation], agent_id: int | None) -> QuerySet[Conversation]:
        """Its own among `rows`; `agent_id` is needed for mine alone."""
        if self.inbox is not None:
            rows = rows.filter(inbox_id=self.inbox)
        if self.team is not None:
            rows = rows.filter(team_id=self.team)
        if self.name == "mine":
            return rows.filter(assignee_id=agent_id, status=Conversation.OPEN)
        if self.name == "nobody":
            return rows.filter(assignee=None, status=Conversation.OPEN)
        return rows.filter(status=self.name if self.name in Conversation.STATUSES else Conversation.OPEN)


def counting(querysets: Iterable[QuerySet[Any]]) -> Counting:
    """Columns that count rows of each up to 100, and their parameters. Making them costs more than running them."""
    parts, parameters = [], []
    for rows in querysets:
        try:
            sql, given = rows.order_by().values("pk")[:MOST_COUNTED].query.sql_with_params()
        except EmptyResultSet:  # Django knows that there can be none: an agent without inboxes
            parts.append("0")
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) counted)")  # noqa: S608  Django's own statement
        parameters += list(given)
    return ", ".join(parts), tuple(parameters)


def counted(*countings: Counting) -> list[int]:
    """All counts, in one statement that costs the same however many there are."""
    columns, parameters = ", ".join(sql for sql, _ in countings), [p for _, given in countings for p in given]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", parameters)
        return [int(count) for count in cursor.fetchone()]


@lru_cache(maxsize=512)
def counting_shelves(shelves: tuple[Shelf, ...], agent_id: int, scopes: tuple[int, ...]) -> Counting:
    """Kept, since the text of the statement depends on these alone."""
    return counting(shelf.within(agent_id, scopes) for shelf in shelves)
