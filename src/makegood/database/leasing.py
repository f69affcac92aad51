"""Leases: a row is one worker's until a moment, so that what a killed worker held is free again soon after.

The moment is by the database's clock, `clock()`: two machines may disagree about the time, and then one would take
what the other still holds; the database is the one clock that both can ask. A leased model has the column
`lease_until`, in seconds since 1970; 0 or NULL: nobody's. Each function is one statement.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Model

log = logging.getLogger(__name__)
LEASE_SECONDS = 30.0
RENEW_SECONDS = 8.0
CLOCKS = {
    "sqlite": "((julianday('now') - 2440587.5) * 86400.0)",
    "postgresql": "extract(epoch from clock_timestamp())",
}


def clock() -> str:
    """Now, in seconds since 1970, in the SQL of the database."""
    return CLOCKS[connection.vendor]


def is_over() -> str:
    """In SQL: nobody holds the row any more."""
    return f"lease_until < {clock()}"


def claim[M: Model](
    model: type[M],
    *,
    where: str,
    given: Sequence[Any] = (),
    order: str,
    limit: int,
    setting: str = "",
    set_to: Sequence[Any] = (),
) -> list[M]:
    """Lease up to `limit` rows, the first in `order`; no two callers get the same one.

    `where` and `order` are SQL of ours, with `given` in its places; `where` says `is_over()` itself unless another
    column tells that a row is free. `setting`: columns to change in the same breath, "a = 1, b = %s", with `set_to`.
    """
    table = model._meta.db_table
    lock = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    more = f"{setting}, " if setting else ""
    return list(
        model._default_manager.raw(
            f"""UPDATE {table} SET {more}lease_until = {clock()} + %s
                WHERE id IN (SELECT id FROM {table} WHERE {where} ORDER BY {order} LIMIT %s {lock})
                RETURNING *""",  # noqa: S608  only our own constants are put in
            [*set_to, LEASE_SECONDS, *given, limit],
        )
    )


def renew(model: type[Model], ids: Sequence[int], *, where: str = "", given: Sequence[Any] = ()) -> None:
    """The heartbeat: of these rows, those that `where` still calls ours are so for another lease."""
    if not ids:
        return
    ours = f"{where} AND " if where else ""
    places = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} SET lease_until = {clock()} + %s"  # noqa: S608  our own constants
            f" WHERE {ours}id IN ({places})",
            [LEASE_SECONDS, *given, *ids],
        )


def take(row: Model, *, holder: str, name: str) -> bool:
    """Lease this one row under a name, or renew it; False while another has it. `holder`: the column of the name."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {row._meta.db_table} SET {holder} = %s, lease_until = {clock()} + %s"  # noqa: S608  our own
            f" WHERE id = %s AND ({holder} = %s OR {is_over()})",
            [name, LEASE_SECONDS, row.pk, name],
        )
        return bool(cursor.rowcount)


@contextmanager
def holding(renew: Callable[[], object]) -> Iterator[None]:
    """Within the block `renew` is called every eight seconds, from a thread of its own; it should set a lease."""
    done = threading.Event()
    thread = threading.Thread(target=_renew, args=(renew, done), name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()  # a late renewal must not hold what was just let go


def _renew(renew: Callable[[], object], done: threading.Event) -> None:
    while not done.wait(RENEW_SECONDS):
        try:
            renew()
        except DatabaseError:
            log.warning("a lease could not be renewed; trying again")
            connection.close()
    connection.close()
