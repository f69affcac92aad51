"""What is found within the inboxes that may be seen, and at what price."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.eventlog.tests.threads import on_postgres
from makegood.search import engines, index
from makegood.search.grammar import parse

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 11, 1, tzinfo=UTC)


def documents(scope: int, count: int, first: int = 1) -> None:
    index.add([
        index.Document("message", number, number, scope, BEGIN + timedelta(minutes=number), text="The tent leaks.")
        for number in range(first, first + count)
    ])  # fmt: skip


def test_one_hit_in_a_small_inbox_is_found_at_once_among_very_many_in_others() -> None:
    documents(scope=2, count=1)
    documents(scope=1, count=3 * index.BATCH, first=2)

    with CaptureQueriesContext(connection) as queries:
        hits = list(index.find(parse("tent"), scopes=[2]))

    statements = {"sqlite": 1, "postgresql": 2}[connection.vendor]
    assert ([hit.object_id for hit in hits], len(queries)) == ([1], statements)


def test_all_hits_are_read_in_batches_newest_first() -> None:
    documents(scope=1, count=index.BATCH + 5)

    found = [hit.object_id for hit in index.find(parse("tent"), scopes=[1])]

    assert found == list(range(index.BATCH + 5, 0, -1))


@pytest.mark.parametrize("rare", [1, 2, 7, 50])
def test_however_common_a_word_is_its_newest_hits_come_page_by_page(rare: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "BATCH", 4)
    monkeypatch.setattr(engines, "WALKS", ((8, 2), (20, engines.LARGEST)))
    index.add([
        index.Document("message", number, number, 1 + number % 2, BEGIN + timedelta(minutes=number),
                       text="tent" if number % rare else "tent pole")
        for number in range(1, 101)
    ])  # fmt: skip
    there = [number for number in range(100, 0, -1) if number % rare == 0]

    for scopes in ([1, 2], [1], [2]):
        found = [hit.object_id for hit in index.find(parse("pole"), scopes=scopes)]
        assert found == [number for number in there if 1 + number % 2 in scopes]


@on_postgres
def test_a_word_that_hardly_anything_holds_is_not_looked_for_in_everything() -> None:
    documents(scope=1, count=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_document (id, kind, object_id, conversation_id, scope, words)"
            " SELECT n::bigint << 20, 'message', n + 9, n, 1, to_tsvector('simple',"
            " (SELECT string_agg('word' || i % 400, ' ') FROM generate_series(n, n + 60) i))"
            " FROM generate_series(1, 10000) n"
        )
        cursor.execute("ANALYZE search_document")

    with CaptureQueriesContext(connection) as queries:
        hits = list(index.find(parse("leaks"), scopes=[1]))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {queries[-1]['sql']}")
        plan = " ".join(row[0] for row in cursor.fetchall())

    assert ([hit.object_id for hit in hits], len(queries)) == ([1], 2)
    assert "Bitmap Index Scan on search_document_words" in plan


def test_the_best_hits_too_are_only_those_of_the_given_inboxes() -> None:
    documents(scope=1, count=3)
    documents(scope=2, count=2, first=4)

    assert {hit.object_id for hit in index.find_best(parse("tent"), scopes=[2])} == {4, 5}


def test_without_an_inbox_nothing_is_found() -> None:
    documents(scope=1, count=3)

    assert list(index.find(parse("tent"), scopes=[])) == []


def test_a_document_of_more_words_than_the_database_holds_is_found_by_its_first() -> None:
    han = [chr(letter) for letter in range(0x4E00, 0x9000)]
    names = [f"{a}{b}" for a in han[:400] for b in han[:400]]  # which a mail may bring: 500 files with 150 letters each
    text = " ".join(names[:20_000])

    index.add([index.Document("message", 1, 1, 1, BEGIN, files=" ".join(names[20_000:100_000]), text=text)])

    assert [hit.object_id for hit in index.find(parse(f"file:{names[20_000]}"), scopes=[1])] == [1]
