"""Reckoning waits for nobody in the middle of a batch: two that waited for each other would both stand still."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from makegood.agents.models import House
from makegood.conversations.models import Conversation
from makegood.conversations.tests.factories import come_in
from makegood.eventlog.reacting import discover, react_all, start_at_end
from makegood.jobs.models import Job
from makegood.standards.actions.reckoning import reckon_due
from makegood.standards.jobs import reckon_again

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


@contextmanager
def writing_in(conversation: Conversation) -> Iterator[None]:
    """Somebody has it, in a transaction of their own."""
    has_it, may_end = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            Conversation.objects.select_for_update().get(pk=conversation.pk)
            has_it.set()
            may_end.wait(20)
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    assert has_it.wait(20)
    try:
        yield
    finally:
        may_end.set()
        thread.join(20)


def test_what_somebody_writes_in_is_left_out_and_reckoned_when_they_are_done() -> None:
    discover()
    start_at_end()
    House.objects.create(name="Quillfeather")
    taken, free = come_in("a").conversation, come_in("b", message_id="<b@x.example>").conversation

    with writing_in(taken):
        react_all()
        states = {one.pk: one.standard for one in Conversation.objects.all()}
        waits = list(Job.objects.filter(task=reckon_again.module_path).values_list("arguments", flat=True))

    assert states == {taken.pk: "", free.pk: Conversation.FIRST}
    assert [arguments["args"] for arguments in waits] == [[taken.pk]]
    reckon_again.call(taken.pk)
    taken.refresh_from_db()
    assert taken.standard == Conversation.FIRST


def test_alone_it_waits_until_they_are_done() -> None:
    House.objects.create(name="Quillfeather")
    taken = come_in().conversation
    done = threading.Event()

    def reckon() -> None:
        reckon_due([taken.pk], waits=True)
        connection.close()
        done.set()

    with writing_in(taken):
        thread = threading.Thread(target=reckon)
        thread.start()
        was_done = done.wait(0.5)
    thread.join(20)
    taken.refresh_from_db()
    assert (was_done, taken.standard) == (False, Conversation.FIRST)
