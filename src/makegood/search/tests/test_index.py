"""What is found within the inboxes that may be seen, and at what price."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.search import index
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

    assert ([hit.object_id for hit in hits], len(queries)) == ([1], 1)


def test_all_hits_are_read_in_batches_newest_first() -> None:
    documents(scope=1, count=index.BATCH + 5)

    found = [hit.object_id for hit in index.find(parse("tent"), scopes=[1])]

    assert found == list(range(index.BATCH + 5, 0, -1))


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
