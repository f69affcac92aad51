"""Statements that PostgreSQL keeps: on the way of a letter, understanding one costs as much as running it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def prepared() -> Iterator[Any]:
    """A cursor for statements that are run again and again with other values, and always have the same words.

    PostgreSQL prepares one at its fifth run on this connection (`prepare_threshold`); values go beside it, not in it.
    SQLite's driver keeps them by itself.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            from django.db.backends.postgresql.base import ServerBindingCursor  # psycopg need not be there

            cursor.cursor.close()
            cursor.cursor = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]
        yield cursor
