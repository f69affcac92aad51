"""What a mail has to do with those that are here: found by an index, in the inbox it came to alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.conversations.queries.tracing import conversation_in_thread, stored_under
from makegood.conversations.tests.factories import come_in, inbox

pytestmark = pytest.mark.django_db
THREAD = "Acn1"


def test_messages_and_threads_of_another_inbox_are_not_seen() -> None:
    here, elsewhere = inbox(), inbox("returns@quillfeather.example", "Returns")
    come_in("Elsewhere.", elsewhere, message_id="<one@fenwick.example>", thread_index=THREAD)
    assert (stored_under(["<one@fenwick.example>"], here), conversation_in_thread(THREAD, here)) == ([], None)

    message = come_in("Here.", here, message_id="<one@fenwick.example>", thread_index=THREAD)
    assert [stored.id for stored in stored_under(["<one@fenwick.example>"], here)] == [message.pk]
    assert conversation_in_thread(THREAD, here) == message.conversation


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by the size of its tables")
def test_a_letter_walks_through_no_table_of_messages() -> None:
    first = come_in("The pole cracked.", message_id="<one@fenwick.example>", thread_index=THREAD)
    with CaptureQueriesContext(connection) as asked:
        come_in("And the bag.", message_id="<two@fenwick.example>", in_reply_to=first.message_id)
        come_in("Nothing else.", message_id="<three@fenwick.example>", thread_index=THREAD)
    reads = [query["sql"] for query in asked if query["sql"].startswith("SELECT") and " FROM " in query["sql"]]

    assert any('"message"' in sql or " message " in sql for sql in reads)
    for sql in reads:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            plan = [row[3] for row in cursor.fetchall()]
        assert [step for step in plan if step.startswith("SCAN message") or "message_inbox_id" in step] == [], sql
