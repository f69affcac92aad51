"""Reading rows by a statement that is made once for each shape of a question.

Django makes the statement anew for every question; on a page that costs three times as much as running it and making
objects of its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, wraps
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from makegood.database.preparing import prepared

_FIRST_MARK = 2_000_000_000  # a number that nobody writes into a query by hand, and that fits every integer column
_SHAPES = 64
LARGEST = 2**63 - 1  # of a column
_Reading = tuple[int, Callable[[Any, Any, Any], Any], Any]


class _Number:
    """Stands in a shape for an int that changes from question to question."""


class _Numbers(NamedTuple):
    """Stands in a shape for a tuple of so many such ints."""

    length: int


class _Place(NamedTuple):
    """Where a question's number goes, and as what the engine wants it (psycopg's ints have a width)."""

    number: int
    type: type[int]


class _Statement(NamedTuple):
    """A query with its statement made. Nothing of it changes when it is asked."""

    queryset: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    parameters: tuple[Any, ...]


def kept[*Values, Row](query_of: Callable[[*Values], QuerySet[Any, Row]]) -> Callable[[*Values], list[Row]]:
    """The rows of the query that `query_of` builds; it is called once for each shape of its values.

    Values that are ints, or tuples of ints, change from question to question. All others (None, a flag, a word of
    ours) belong to the shape, so a question of somebody's words is none to keep: 64 shapes are remembered. `query_of`
    must hand its ints on to the database as they are. Without prefetching, which asks a second question.
    """

    @lru_cache(maxsize=_SHAPES)
    def statement(shape: tuple[object, ...]) -> _Statement | None:
        marks = iter(range(_FIRST_MARK, _FIRST_MARK + 1_000_000))
        values: Any = tuple(_marked(one, marks) for one in shape)
        return _made(query_of(*values), next(marks) - _FIRST_MARK)

    @wraps(query_of)
    def rows(*values: *Values) -> list[Row]:
        shape: list[object] = []
        numbers: list[int] = []
        for value in values:
            if type(value) is int:
                numbers.append(value)
                shape.append(_Number)
            elif type(value) is tuple:
                numbers += value
                shape.append(_Numbers(len(value)))
            else:
                shape.append(value)
        if any(abs(number) > LARGEST for number in numbers):  # which Django knows to be no row's
            return list(query_of(*values))
        made = statement(tuple(shape))
        return _asked(made, numbers) if made else []

    return rows


def first[M: Model](model: type[M], which: str, values: Sequence[Any]) -> M | None:
    """The first row that `which` tells, in SQL of ours from JOIN or WHERE on; None where there is none."""
    statement, names, readings = _statement_of(model, connection.vendor)
    with prepared() as cursor:
        cursor.execute(f"{statement} {which} LIMIT 1", values)
        row = cursor.fetchone()
        if row is None:
            return None
        read = list(row)
        for place, reading, column in readings:
            read[place] = reading(read[place], column, cursor.db)
        return model.from_db(cursor.db.alias, names, read)


@lru_cache(maxsize=_SHAPES)
def _statement_of(model: type[Model], _vendor: str) -> tuple[str, list[str], list[_Reading]]:
    """Up to FROM, the names of what it reads, and how a column's value becomes the field's (SQLite knows no times)."""
    table, fields = model._meta.db_table, model._meta.concrete_fields
    columns = [field.get_col(table) for field in fields]
    names = ", ".join(f'"{table}"."{field.column}"' for field in fields)
    readings = [
        (place, reading, column)
        for place, column in enumerate(columns)
        for reading in [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    ]
    return f'SELECT {names} FROM "{table}"', [field.attname for field in fields], readings  # noqa: S608  our own names


def _marked(part: object, marks: Iterator[int]) -> object:
    if part is _Number:
        return next(marks)
    if isinstance(part, _Numbers):
        return tuple(next(marks) for _ in range(part.length))
    return part


def _made(queryset: QuerySet[Any, Any], numbers: int) -> _Statement | None:
    """None: it can have no rows, such as one among no inboxes."""
    compiler = queryset.query.get_compiler(using=queryset.db)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    marks = range(_FIRST_MARK, _FIRST_MARK + numbers)
    places = tuple(
        _Place(one - _FIRST_MARK, type(one)) if isinstance(one, int) and one in marks else one for one in parameters
    )
    unused = set(range(numbers)) - {place.number for place in places if isinstance(place, _Place)}
    if unused or queryset._prefetch_related_lookups:  # type: ignore[attr-defined]
        raise TypeError(f"this query cannot be kept: its numbers {unused} are not in its statement, or it prefetches")
    return _Statement(queryset, compiler, sql, places)


def _asked(statement: _Statement, numbers: list[int]) -> list[Any]:
    """Django's own way from a cursor to rows, with the statement that is there."""
    queryset, compiler, sql, parameters = statement
    values = tuple(one.type(numbers[one.number]) if type(one) is _Place else one for one in parameters)
    ready = _twin(compiler, as_sql=lambda *_, **__: (sql, values), connection=connections[queryset.db])
    query = _twin(queryset.query, get_compiler=lambda *_, **__: ready)
    rows: Any = queryset._iterable_class(_twin(queryset, _query=query))
    return list(rows)


def _twin[Thing](thing: Thing, **changes: object) -> Thing:
    twin = object.__new__(type(thing))
    twin.__dict__.update(thing.__dict__, **changes)
    return twin
