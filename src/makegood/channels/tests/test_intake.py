"""Stored before it is understood: what the source is told, and what is on the disk when it is told."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError
from hashlib import sha256

import pytest
from django.db import DatabaseError, IntegrityError

from makegood.channels.intake import IN_ROW, Arriving, Gate, content_of, handed_over, raw_of, take_in
from makegood.channels.models import RawMessage
from makegood.channels.tests.factories import mail
from makegood.clock.now import now
from makegood.conversations.envelope import Raw
from makegood.conversations.models import Message
from makegood.conversations.tests.factories import inbox
from makegood.eventlog.tests.threads import at_once, on_postgres
from makegood.files.storing import root
from makegood.inboxes.models import Inbox


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.stop()


@pytest.mark.django_db
def test_bytes_are_stored_as_they_came_and_nothing_is_understood_yet() -> None:
    content = b"From: \xff\x00\r\n\r\n.\r\nodd\n\rbytes"

    (id_,) = take_in([Arriving(inbox(), raw_of(content))])

    raw = RawMessage.objects.get(pk=id_)
    assert (content_of(raw), raw.sha256, raw.size) == (content, sha256(content).hexdigest(), len(content))
    assert (raw.state, Message.objects.count()) == ("new", 0)


@pytest.mark.django_db
def test_what_is_large_lies_in_a_file_that_only_we_may_read() -> None:
    content = b"x" * (IN_ROW + 1)

    raw = RawMessage.objects.get(pk=take_in([Arriving(inbox(), raw_of(content))])[0])

    assert (raw.content, content_of(raw)) == (None, content)
    assert (root() / raw.path).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("path", ["../secret-key", "raw/../../secret-key", "/etc/hostname"])
def test_a_row_of_a_database_that_somebody_else_made_leads_to_no_other_file(path: str) -> None:
    (root().parent / "secret-key").touch()
    row = RawMessage(path=path)

    assert handed_over(row) == (b"", str(root() / "gone"))
    with pytest.raises(FileNotFoundError):
        content_of(row)


@pytest.mark.django_db
def test_the_same_source_key_is_stored_once_and_answered_with_its_id() -> None:
    care = inbox()
    first = take_in([Arriving(care, Raw("imap:INBOX:1:7", b"one", now()))])

    again = take_in(
        [Arriving(care, Raw("imap:INBOX:1:7", b"one", now())), Arriving(care, Raw("imap:INBOX:1:8", b"two", now()))]
    )

    assert again[0] == first[0]
    assert RawMessage.objects.count() == 2


@pytest.mark.django_db
def test_the_same_bytes_for_two_inboxes_are_two() -> None:
    returns = inbox("returns@quillfeather.example", "Returns")

    ids = take_in(
        [Arriving(inbox(), raw_of(b"one")), Arriving(returns, raw_of(b"one")), Arriving(inbox(), raw_of(b"one"))]
    )

    assert (len(set(ids)), ids[0]) == (2, ids[2])


@pytest.mark.django_db(transaction=True)
def test_one_that_cannot_be_stored_keeps_all_of_its_transaction_out() -> None:
    gone = Inbox(pk=999_999, name="Gone", address="gone@quillfeather.example")

    with pytest.raises(IntegrityError):
        take_in([Arriving(inbox(), raw_of(b"one")), Arriving(gone, raw_of(b"two"))])

    assert RawMessage.objects.count() == 0


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_large_mail_from_many_sources_at_once_is_one() -> None:
    care, content = inbox(), b"x" * (IN_ROW + 1)

    results = at_once(*[lambda: take_in([Arriving(care, raw_of(content))])[0]] * 6)

    assert set(results) == {RawMessage.objects.get().pk}


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_a_gate_answers_each_with_their_own_id(gate: Gate) -> None:
    care = inbox()

    futures = [gate.hand_in(Arriving(care, raw_of(mail(f"number {n}")))) for n in range(60)]

    ids = [future.result(10) for future in futures]
    assert len(set(ids)) == 60
    kept = RawMessage.objects.in_bulk(ids)
    assert [content_of(kept[id_]) for id_ in ids] == [mail(f"number {n}") for n in range(60)]


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_a_gate_tells_each_what_went_wrong_and_goes_on(gate: Gate) -> None:
    gone = Inbox(pk=999_999, name="Gone", address="gone@quillfeather.example")

    with pytest.raises(DatabaseError):
        gate.hand_in(Arriving(gone, raw_of(b"x"))).result(10)

    assert gate.hand_in(Arriving(inbox(), raw_of(b"y"))).result(10) > 0


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_a_source_that_hung_up_while_it_waited_does_not_stop_the_gate(gate: Gate) -> None:
    care = inbox()
    futures = [gate.hand_in(Arriving(care, raw_of(f"number {n}".encode()))) for n in range(200)]
    hung_up = [future for future in futures[100:] if future.cancel()]
    assert hung_up

    after = gate.hand_in(Arriving(care, raw_of(b"after")))

    assert after.result(10) > 0
    with pytest.raises(CancelledError):
        hung_up[0].result(10)


@pytest.mark.django_db(transaction=True)
def test_a_stopped_gate_takes_nothing_more() -> None:
    gate = Gate()
    gate.stop()

    with pytest.raises(RuntimeError):
        gate.hand_in(Arriving(Inbox(pk=1), raw_of(b"x")))
