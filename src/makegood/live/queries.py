"""Who is there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from makegood.database.leasing import clock
from makegood.live.models import GONE_SECONDS


@dataclass(frozen=True, slots=True)
class There:
    """An agent at a conversation of the inbox `scope`, and for how many seconds they have been doing that."""

    agent_id: int
    conversation_id: int
    scope: int
    doing: str
    seconds: float


def present(conversation_ids: Collection[int] | None = None) -> list[There]:
    """Everybody, or those at one of these conversations; who came first is first. One statement, or none for none."""
    if conversation_ids is not None and not conversation_ids:
        return []
    among = f" AND conversation_id IN ({', '.join(['%s'] * len(conversation_ids))})" if conversation_ids else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT agent_id, conversation_id, scope, doing, {clock()} - since FROM presence"  # noqa: S608  our own words
            f" WHERE seen_at > {clock()} - {GONE_SECONDS}{among} ORDER BY since, agent_id",
            list(conversation_ids or ()),
        )
        return [There(*row) for row in cursor.fetchall()]
