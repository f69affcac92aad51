"""A page says that somebody is there, and that they leave."""

from __future__ import annotations

from django.db import connection

from makegood.database.leasing import clock
from makegood.jobs.waking import ring
from makegood.live.models import GONE_SECONDS, Presence

# One statement, and the moment is read once in it. WHERE true: SQLite would take ON for a join's.
_BEAT = """
    INSERT INTO presence (agent_id, conversation_id, scope, doing, page, since, seen_at)
    SELECT %s, %s, %s, %s, %s, moment.at, moment.at FROM (SELECT {clock} AS at) AS moment WHERE true
    ON CONFLICT (conversation_id, agent_id) DO UPDATE SET
        scope = excluded.scope, doing = excluded.doing, page = excluded.page, seen_at = excluded.seen_at,
        since = CASE
            WHEN presence.doing = excluded.doing AND presence.seen_at > excluded.seen_at - {gone} THEN presence.since
            ELSE excluded.since END
    RETURNING since = seen_at
"""


def beat(*, agent_id: int, conversation_id: int, scope: int, doing: str, page: str) -> None:
    """They are there, doing that. Other processes are woken only when that is new."""
    with connection.cursor() as cursor:
        statement = _BEAT.format(clock=clock(), gone=GONE_SECONDS)
        cursor.execute(statement, [agent_id, conversation_id, scope, doing, page])
        (is_new,) = cursor.fetchone()
    if is_new:
        ring()


def leave(*, agent_id: int, conversation_id: int, page: str) -> None:
    """They have left this page; a newer one of theirs at the same conversation stays."""
    here = Presence.objects.filter(agent_id=agent_id, conversation_id=conversation_id, page=page)
    if here.delete()[0]:
        ring()


def sweep() -> None:
    """Remove who has left without a word: a closed lid, a crash."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM presence WHERE seen_at < {clock()} - {GONE_SECONDS}")  # noqa: S608  our own words
