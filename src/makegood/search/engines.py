"""The two indexes of words: SQLite FTS5 and PostgreSQL text search, asked the same way and answering alike.

Columns: sender, recipients, files, words (text and subject), stems. Every query is rebuilt from tokens, so nothing
typed reaches an engine's own syntax.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple, Protocol

from django.db import connection

from makegood.database.preparing import prepared
from makegood.search.grammar import Query, Term
from makegood.search.words import forms, spellings, tokens

Place = tuple[int, str, int, int, int]  # document id, kind, object, conversation, scope
COLUMNS = ("sender", "recipients", "files", "words", "stems")
Row = tuple[int, str, str, str, str, str]  # document id, then COLUMNS
PREFIX_LETTERS = 3
LARGEST = 2**63 - 1
INSERT = "INSERT INTO search_document (id, kind, object_id, conversation_id, scope"
HAS = "has"  # the column `files` begins with "hasattachment" where there are any


class Hit(NamedTuple):
    """One found document; `id` is where the next page begins."""

    id: int
    kind: str
    object_id: int
    conversation_id: int


class Engine(Protocol):
    """What `index` needs of a database."""

    def add(self, places: Sequence[Place], rows: Sequence[Row]) -> None:
        """Put documents in, each with its words."""

    def remove(self, row: Row) -> None:
        """Take words out."""

    def match(self, query: Query) -> str:
        """The query in the engine's own syntax; empty when it asks for no words."""

    def newest(self, match: str, *, scopes: Sequence[int], before: int | None, limit: int) -> list[Hit]:
        """Matching documents within the scopes, newest first, below `before`."""

    def best(self, match: str, *, scopes: Sequence[int], above: int, limit: int) -> list[Hit]:
        """The same above `above`, best first."""

    def among(self, match: str, ids: list[int]) -> list[int]:
        """Those of the ids that match."""


def engine() -> Engine:
    """The one that fits the database."""
    return PostgresEngine() if connection.vendor == "postgresql" else SQLiteEngine()


class SQLiteEngine:
    """FTS5 without stored content: the texts are in their own tables already. rowid = document id."""

    def add(self, places: Sequence[Place], rows: Sequence[Row]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(f"{INSERT}) VALUES (%s, %s, %s, %s, %s)", places)
            cursor.executemany(
                "INSERT INTO search_words (rowid, sender, recipients, files, words, stems)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                rows,
            )

    def remove(self, row: Row) -> None:
        """FTS5 without content needs the same words again to take them out."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO search_words (search_words, rowid, sender, recipients, files, words, stems)"
                " VALUES ('delete', %s, %s, %s, %s, %s, %s)",
                row,
            )

    def match(self, query: Query) -> str:
        wanted = [part for term in query.terms if not term.is_without and (part := self._term(term))]
        wanted += [" OR ".join(f'{column} : "{" ".join(words)}"' for words in ways) for column, ways in _fielded(query)]
        unwanted = [part for term in query.terms if term.is_without and (part := self._term(term))]
        if not wanted:
            return ""
        matched = " AND ".join(f"({part})" for part in wanted)
        return matched if not unwanted else f"({matched}) NOT ({' OR '.join(unwanted)})"

    def newest(self, match: str, *, scopes: Sequence[int], before: int | None, limit: int) -> list[Hit]:
        """The words come first, in their own order; each document's scope is looked up until there are enough."""
        return _hits(
            "search_words CROSS JOIN search_document d ON d.id = search_words.rowid"
            " WHERE search_words MATCH %s AND search_words.rowid < %s AND",
            [match, LARGEST if before is None else before], scopes, "search_words.rowid DESC", limit,
        )  # fmt: skip

    def among(self, match: str, ids: list[int]) -> list[int]:
        return _among("SELECT rowid FROM search_words WHERE search_words MATCH %s AND rowid IN", match, ids)

    def best(self, match: str, *, scopes: Sequence[int], above: int, limit: int) -> list[Hit]:
        return _hits(
            "search_words CROSS JOIN search_document d ON d.id = search_words.rowid"
            " WHERE search_words MATCH %s AND search_words.rowid > %s AND",
            [match, above], scopes, "search_words.rank", limit,
        )  # fmt: skip

    @staticmethod
    def _term(term: Term) -> str:
        found = tokens(term.text)
        if not found:
            return ""
        phrase = f'"{" ".join(found)}"'
        if term.is_phrase or len(found) > 1:
            return phrase
        words = [f'"{word}"' for word in spellings(found[0])]
        if term.text.endswith("*") and len(found[0]) >= PREFIX_LETTERS:
            return " OR ".join(f"{word} *" for word in words)
        return " OR ".join([*words, *(f'stems : "{form}"' for form in forms(found[0]))])


class PostgresEngine:
    """A tsvector column of `search_document`; the columns are told apart by weights (sender A … stems and words D)."""

    def add(self, places: Sequence[Place], rows: Sequence[Row]) -> None:
        values = [
            (*place, sender, recipients, files, words, _marked(stems))
            for place, (_, sender, recipients, files, words, stems) in zip(places, map(_fitting, rows), strict=True)
        ]
        statement = (
            f"{INSERT}, words) VALUES (%s, %s, %s, %s, %s, setweight(to_tsvector('simple', %s), 'A') ||"
            " setweight(to_tsvector('simple', %s), 'B') || setweight(to_tsvector('simple', %s), 'C') ||"
            " to_tsvector('simple', %s) || to_tsvector('simple', %s))"
        )
        with prepared() as cursor:
            if len(values) == 1:  # a letter: the pipeline of `executemany` costs more than it saves
                cursor.execute(statement, values[0])
            else:
                cursor.executemany(statement, values)

    def remove(self, row: Row) -> None:
        """The words go with the row."""

    def match(self, query: Query) -> str:
        wanted = [part for term in query.terms if not term.is_without and (part := self._term(term))]
        wanted += [
            " | ".join(" <-> ".join(f"{word}:{WEIGHTS[column]}" for word in words) for words in ways)
            for column, ways in _fielded(query)
        ]
        if not wanted:
            return ""
        wanted += [f"!({part})" for term in query.terms if term.is_without and (part := self._term(term))]
        return " & ".join(f"({part})" for part in wanted)

    def newest(self, match: str, *, scopes: Sequence[int], before: int | None, limit: int) -> list[Hit]:
        """Which way is short depends on how common the words are, and PostgreSQL knows that of few: it would walk
        through everything for a rare one. So the newest documents are looked through, and more of them while they
        promise enough; what is rarer comes from the index of words, all of it.
        """
        below = LARGEST if before is None else before
        for many, fewest in WALKS:
            found = _fetched(_walk(scopes), [below, *scopes, many, match, limit])
            if len(found) == limit:
                return found
            if len(found) < fewest:
                break
        return _fetched(_from_index(scopes), [match, below, *scopes, limit])

    def among(self, match: str, ids: list[int]) -> list[int]:
        return _among("SELECT id FROM search_document WHERE words @@ to_tsquery('simple', %s) AND id IN", match, ids)

    def best(self, match: str, *, scopes: Sequence[int], above: int, limit: int) -> list[Hit]:
        return _hits(
            "search_document d, to_tsquery('simple', %s) query WHERE d.words @@ query AND d.id > %s AND",
            [match, above], scopes, "ts_rank(d.words, query) DESC, d.id DESC", limit,
        )  # fmt: skip

    @staticmethod
    def _term(term: Term) -> str:
        found = tokens(term.text)
        if not found:
            return ""
        if term.is_phrase or len(found) > 1:
            return " <-> ".join(found)
        words = spellings(found[0])
        if term.text.endswith("*") and len(found[0]) >= PREFIX_LETTERS:
            return " | ".join(f"{word}:*" for word in words)
        return " | ".join([*words, *(f"{STEM}{form}" for form in forms(found[0]))])


# How many of the newest documents are looked through, and how many hits there are worth looking through the next.
WALKS = ((1_000, 5), (20_000, LARGEST))
WEIGHTS = {"sender": "A", "recipients": "B", "files": "C"}
FITS = 800_000  # bytes of all words of a document in PostgreSQL
OF_A_WORD = 10  # bytes beside its letters: of its place, of padding, and of the mark of a stem
MOST_BYTES = 4 + OF_A_WORD  # of a letter, at the very most
# A stem may equal another word; marked so that it is found only as a stem, as in FTS5's column of its own.
STEM = "x0st"


def _fielded(query: Query) -> Iterator[tuple[str, list[list[str]]]]:
    """The words that must stand in one column, in each way they may be spelt. `has:attachment` is one, too (HAS)."""
    for name, column in (("from", "sender"), ("to", "recipients"), ("file", "files")):
        for value in query.filter(name):
            if found := tokens(value):
                yield column, [[word] for word in spellings(found[0])] if len(found) == 1 else [found]
    for value in query.filter("has"):
        yield "files", [[HAS + "".join(tokens(value)).removesuffix("s")]]


def _fitting(row: Row) -> Row:
    """A tsvector holds a mebibyte, places included: of what is larger, the last words are left out."""
    if sum(map(len, row[1:])) * MOST_BYTES <= FITS:
        return row
    left, pieces = FITS, list[str]()
    for piece in row[1:]:
        words = piece.split()
        spent = list(accumulate(map(_cost, words)))
        fitting = bisect_right(spent, left)
        left -= spent[fitting - 1] if fitting else 0
        pieces.append(" ".join(words[:fitting]))
    return (row[0], *pieces)  # type: ignore[return-value]


def _cost(word: str) -> int:
    """In bytes; PostgreSQL takes a word apart at underscores."""
    return len(word.encode()) + OF_A_WORD * (1 + word.count("_"))


def _marked(stems: str) -> str:
    return " ".join(STEM + stem for stem in stems.split())


def _walk(scopes: Sequence[int]) -> str:
    """PostgreSQL cannot look through the words before it has chosen the newest: the LIMIT is in its way."""
    newest = f"id < %s AND scope IN ({_places(scopes)}) ORDER BY id DESC LIMIT %s"
    return (
        f"SELECT id, kind, object_id, conversation_id FROM (SELECT * FROM search_document WHERE {newest}) AS newest"  # noqa: S608  places
        " WHERE words @@ to_tsquery('simple', %s) ORDER BY id DESC LIMIT %s"
    )


def _from_index(scopes: Sequence[int]) -> str:
    """Nor can it walk by id here: all hits come first, then their order."""
    hits = f"words @@ to_tsquery('simple', %s) AND id < %s AND scope IN ({_places(scopes)})"
    return (
        f"WITH hits AS MATERIALIZED (SELECT id, kind, object_id, conversation_id FROM search_document WHERE {hits})"  # noqa: S608  places
        " SELECT * FROM hits ORDER BY id DESC LIMIT %s"
    )


def _places(scopes: Sequence[int]) -> str:
    return ", ".join(["%s"] * len(scopes))


def _hits(source: str, parameters: list[str | int], scopes: Sequence[int], order: str, limit: int) -> list[Hit]:
    sql = (
        f"SELECT d.id, d.kind, d.object_id, d.conversation_id FROM {source}"  # noqa: S608  only our own words
        f" d.scope IN ({_places(scopes)}) ORDER BY {order} LIMIT %s"
    )
    return _fetched(sql, [*parameters, *scopes, limit])


def _fetched(sql: str, parameters: Sequence[str | int]) -> list[Hit]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [Hit(*row) for row in cursor.fetchall()]


def _among(sql: str, match: str, ids: list[int]) -> list[int]:
    if not match or not ids:
        return []
    return _column(f"{sql} ({', '.join(['%s'] * len(ids))})", [match, *ids])


def _column(sql: str, parameters: list[str | int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]
