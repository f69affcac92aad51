"""What a mail has to do with those that are here: found by an index, in the inbox it came to alone."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.clock.now import now
from makegood.conversations.actions.receiving import Arrival, receive
from makegood.conversations.models import Message
from makegood.conversations.queries.tracing import MOST, conversation_in_thread, stored_under
from makegood.conversations.tests.factories import KOFI, come_in, inbox, letter

pytestmark = pytest.mark.django_db
THREAD = "Acn1"


def test_messages_and_threads_of_another_inbox_are_not_seen() -> None:
    here, elsewhere = inbox(), inbox("returns@quillfeather.example", "Returns")
    come_in("Elsewhere.", elsewhere, message_id="<one@fenwick.example>", thread_index=THREAD)
    assert (stored_under(["<one@fenwick.example>"], here), conversation_in_thread(THREAD, here)) == ([], None)

    message = come_in("Here.", here, message_id="<one@fenwick.example>", thread_index=THREAD)
    assert [stored.id for stored in stored_under(["<one@fenwick.example>"], here)] == [message.pk]
    assert conversation_in_thread(THREAD, here) == message.conversation


def repeat(message: Message, times: int) -> list[Message]:
    """As a stranger may send them: other bytes under the same Message-ID and Thread-Index."""
    fields = {field.attname: getattr(message, field.attname) for field in Message._meta.concrete_fields}
    unlike = ({"id": None, "key": uuid.uuid4(), "sha256": f"{number:064}"} for number in range(times))
    return Message.objects.bulk_create(Message(**fields | own) for own in unlike)


def test_of_an_id_that_a_stranger_repeats_only_the_oldest_are_read() -> None:
    here, first = inbox(), come_in(message_id="<one@fenwick.example>", thread_index=THREAD)
    second = come_in(message_id="<two@fenwick.example>")
    copies = repeat(come_in("Mine.", sender=KOFI, message_id="<one@fenwick.example>", thread_index=THREAD), 3 * MOST)

    with CaptureQueriesContext(connection) as asked:
        found = stored_under([first.message_id, second.message_id], here, same=copies[-1].sha256)

    assert len(asked) == 2
    assert [stored.id for stored in (found[0], found[1], found[-1])] == [first.pk, second.pk, copies[-1].pk]
    assert len(found) == MOST + 2
    assert conversation_in_thread(THREAD, here) == copies[-1].conversation


def test_what_a_stranger_repeats_keeps_nothing_from_where_it_belongs() -> None:
    first = come_in(message_id="<one@fenwick.example>")
    copy = come_in("Mine.", sender=KOFI, message_id="<one@fenwick.example>")
    copies = repeat(copy, 3 * MOST)
    once_more = letter("Mine.", sender=KOFI, message_id="<one@fenwick.example>")

    assert come_in("One more thing.", in_reply_to=first.message_id).conversation == first.conversation
    same = receive(once_more, Arrival(inbox(), None, copies[-1].sha256, now()))
    assert same == copies[-1]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by the size of its tables")
def test_a_letter_walks_through_no_table_of_messages() -> None:
    first = come_in("The pole cracked.", message_id="<one@fenwick.example>", thread_index=THREAD)
    with CaptureQueriesContext(connection) as asked:
        come_in("And the bag.", message_id="<two@fenwick.example>", in_reply_to=first.message_id)
        come_in("Nothing else.", message_id="<three@fenwick.example>", thread_index=THREAD)
        repeat(first, MOST)
        come_in("Once more.", message_id="<four@fenwick.example>", in_reply_to=first.message_id)
    reads = [query["sql"] for query in asked if query["sql"].startswith("SELECT") and " FROM " in query["sql"]]

    assert any('"message"' in sql or " message " in sql for sql in reads)
    for sql in reads:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            plan = [row[3] for row in cursor.fetchall()]
        assert [step for step in plan if step.startswith("SCAN message") or "message_inbox_id" in step] == [], sql
