"""Putting in, taking out and finding: what rooms above call. A result never holds what is outside the given scopes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

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
    ids = [_id_of(document) for document in documents]
    places = [(id_, d.kind, d.object_id, d.conversation_id, d.scope) for id_, d in zip(ids, documents, strict=True)]
    engine().add(places, [_row(id_, document) for id_, document in zip(ids, documents, strict=True)])


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


def place(kind: str, object_ids: Iterable[Any], conversation_id: int, scope: int) -> None:
    """These messages or notes stand in that conversation now; `object_ids` may be a query."""
    documents = SearchDocument.objects.filter(kind=kind, object_id__in=object_ids)
    documents.exclude(conversation_id=conversation_id, scope=scope).update(conversation_id=conversation_id, scope=scope)


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


def _id_of(document: Document) -> int:
    """A note's differs from that of a message with its number."""
    return document_id(document.at, document.object_id) ^ (1 << (SEQUENCE_BITS - 1) if document.kind == "note" else 0)


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
