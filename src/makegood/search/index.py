"""Putting in, taking out and finding: what rooms above call. A result never holds what is outside the given scopes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from makegood.search.engines import Hit, Row, engine
from makegood.search.grammar import Query
from makegood.search.models import SearchDocument
from makegood.search.words import fold, indexed, tokens

SEQUENCE_BITS = 20
BATCH = 200
RANKED_AMONG = 50_000


@dataclass(frozen=True, slots=True)
class Document:
    """What can be found about one message or note. `sender` and `recipients`: names and addresses."""

    kind: str
    object_id: int
    conversation_id: int
    scope: int
    at: datetime
    sender: str = ""
    recipients: str = ""
    files: str = ""
    text: str = ""
    language: str = ""


def document_id(at: datetime, object_id: int) -> int:
    """Seconds, then 20 bits of the object's id: ids rise with time, so newest first is the index's own order."""
    return (max(int(at.timestamp()), 0) << SEQUENCE_BITS) | (object_id & ((1 << SEQUENCE_BITS) - 1))


def add(documents: Sequence[Document]) -> None:
    """Index them, in the caller's transaction."""
    if not documents:
        return
    rows = [
        SearchDocument(
            id=document_id(d.at, d.object_id) ^ (1 << (SEQUENCE_BITS - 1) if d.kind == "note" else 0),
            kind=d.kind,
            object_id=d.object_id,
            conversation_id=d.conversation_id,
            scope=d.scope,
        )
        for d in documents
    ]
    _insert(rows)
    engine().add([_row(row.id, d) for row, d in zip(rows, documents, strict=True)])


def remove(document: Document) -> None:
    """Take one out; it must say the same as when it was put in."""
    row = SearchDocument.objects.filter(kind=document.kind, object_id=document.object_id).first()
    if row is not None:
        with transaction.atomic():
            engine().remove(_row(row.id, document))
            row.delete()


def move(conversation_id: int, scope: int) -> None:
    """A conversation went to another inbox."""
    SearchDocument.objects.filter(conversation_id=conversation_id).update(scope=scope)


def find(query: Query, *, scopes: Iterable[int], older_than: int | None = None) -> Iterator[Hit]:
    """Hits, newest first, read in batches as they are asked for. Nothing for a query without words."""
    words, allowed = engine(), sorted(set(scopes))
    match = words.match(query)
    before = older_than
    while match and allowed:
        hits = words.newest(match, scopes=allowed, before=before, limit=BATCH)
        yield from hits
        if len(hits) < BATCH:
            return
        before = hits[-1].id


def found_above(query: Query, conversations: Iterable[int], document: int) -> set[int]:
    """Those of the conversations that have a hit at `document` or newer: a former page has shown them."""
    newer = SearchDocument.objects.filter(conversation_id__in=list(conversations), id__gte=document)
    by_document = dict(newer.values_list("id", "conversation_id"))
    words = engine()
    return {by_document[id_] for id_ in words.among(words.match(query), list(by_document))}


def find_best(query: Query, *, scopes: Iterable[int]) -> Iterator[Hit]:
    """The 200 best hits among the newest 50,000 documents, best first: ranking all would cost with their number."""
    words, allowed = engine(), sorted(set(scopes))
    match = words.match(query)
    if match and allowed:
        floor = SearchDocument.objects.order_by("-id").values_list("id", flat=True)[RANKED_AMONG : RANKED_AMONG + 1]
        yield from words.best(match, scopes=allowed, above=next(iter(floor), 0), limit=BATCH)


def _insert(rows: Sequence[SearchDocument]) -> None:
    """By hand: making the statement anew for every letter would cost more than running it."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO search_document (id, kind, object_id, conversation_id, scope) VALUES (%s, %s, %s, %s, %s)",
            [(row.id, row.kind, row.object_id, row.conversation_id, row.scope) for row in rows],
        )


def _row(id_: int, document: Document) -> Row:
    words, stems = indexed(document.text, document.language)
    return (
        id_,
        " ".join(tokens(document.sender)),
        " ".join(tokens(document.recipients)),
        " ".join(tokens(document.files)),
        words,
        fold(stems),
    )
