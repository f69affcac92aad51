"""Inserting one row by a statement that is made once for each model.

Django makes the statement anew for every `save()`; on the way of a letter that costs three times as much as running it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from makegood.database.preparing import prepared

Fields = tuple["Field[Any, Any]", ...]


def insert[M: Model](row: M) -> M:
    """As `row.save(force_insert=True)` does for a model of one table without signals; gives the row back.

    Raises IntegrityError like it. A row whose primary key the database makes gets it.
    """
    _insert(row, unless_known=False)
    return row


def insert_unless_known(row: Model) -> bool:
    """The same, but False where a unique column has that value already; nothing is rolled back for it."""
    return _insert(row, unless_known=True)


def _insert(row: Model, *, unless_known: bool) -> bool:
    statement, fields = _statement(type(row), connection.vendor, row.pk is None, unless_known)
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with prepared() as cursor:
        cursor.execute(statement, values)
        if row.pk is None:
            told = cursor.fetchone()
            if told is None:
                return False
            row.pk = told[0]
        elif not cursor.rowcount:
            return False
    row._state.adding, row._state.db = False, connection.alias
    return True


@lru_cache(maxsize=256)
def _statement(model: type[Model], vendor: str, makes_key: bool, unless_known: bool) -> tuple[str, Fields]:
    """For one engine; `makes_key`: the database makes the primary key, and tells it."""
    key = model._meta.pk
    fields = tuple(f for f in model._meta.local_concrete_fields if not f.generated and not (makes_key and f is key))
    quote = connection.ops.quote_name
    names, places = ", ".join(quote(str(f.column)) for f in fields), ", ".join(["%s"] * len(fields))
    known = " ON CONFLICT DO NOTHING" if unless_known else ""
    told = f" RETURNING {quote(str(key.column))}" if makes_key else ""
    table = quote(model._meta.db_table)
    return f"INSERT INTO {table} ({names}) VALUES ({places}){known}{told}", fields  # noqa: S608  only our own names
