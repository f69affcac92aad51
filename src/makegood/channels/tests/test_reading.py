"""Raw mail becomes messages, whatever is wrong with it; one bad mail never stops the next ones."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from makegood.channels import probe_notes, reading
from makegood.channels.email.parsing.tests.hostile import CASES, MIB
from makegood.channels.importing import import_mail
from makegood.channels.intake import content_of
from makegood.channels.models import RawMessage
from makegood.channels.parser.client import Parser, close_parser, parser
from makegood.channels.queries import failed_work
from makegood.channels.reading import UNREADABLE
from makegood.channels.tests.factories import mail, read, take
from makegood.clock.now import now
from makegood.contacts.actions.recognising import recognise
from makegood.contacts.models import Contact
from makegood.conversations.envelope import Incoming
from makegood.conversations.matching import reply_address
from makegood.conversations.models import Conversation, Message
from makegood.conversations.queries.finding import find
from makegood.conversations.tests.factories import agent, answer, inbox
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.tests.threads import at_once, on_postgres
from makegood.files.storing import root
from makegood.inboxes.models import Inbox
from makegood.search.grammar import parse

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module", autouse=True)
def _parser() -> Iterator[None]:
    yield
    close_parser()


def kill_parser() -> None:
    """As the kernel would over a limit."""
    assert parser()._process
    os.kill(parser()._process.pid, signal.SIGKILL)


def dies_over_what_waits() -> None:
    """The parser is killed while it reads the one mail that waits."""
    parser().parse("email", mail(), "", now(), {})
    assert parser()._process
    pid = parser()._process.pid
    os.kill(pid, signal.SIGSTOP)
    timer = threading.Timer(0.2, os.kill, (pid, signal.SIGKILL))
    timer.start()
    reading.read_new()
    timer.join()


def texts() -> list[str]:
    return [text.strip() for text in Message.objects.order_by("id").values_list("text", flat=True)]


def found(words: str) -> int:
    return len(find(parse(words), agent(role="admin")))


def test_mail_is_read_in_the_order_it_came() -> None:
    for number in range(25):
        take(mail(f"number {number}"), inbox())

    assert reading.read_new() == 25

    assert texts() == [f"number {number}" for number in range(25)]
    assert set(RawMessage.objects.values_list("state", flat=True)) == {"read"}


def test_a_code_that_a_service_sends_to_the_reply_address_of_a_conversation_never_joins_it() -> None:
    care = inbox()
    customers = read(mail("The pole cracked."), care)
    ours = answer(customers.conversation)
    words = (
        f"Delivered-To: {reply_address(care.address, customers.conversation.token)}",
        f"In-Reply-To: {ours.message_id}",
        "Auto-Submitted: auto-generated",
    )

    code = read(mail("Your verification code is 482913", *words, sender="Pelican <noreply@pelican.example>"), care)

    assert (code.kind, code.conversation.status) == ("verification", "held")
    assert list(customers.conversation.messages.order_by("pk")) == [customers, ours]


def test_between_two_good_mails_one_that_kills_the_parser_is_shown_as_unreadable() -> None:
    care = inbox()
    read(mail("good"), care)
    bad = take(mail("bad"), care)

    dies_over_what_waits()
    read(mail("other"), care)

    assert texts() == ["good", UNREADABLE, "other"]
    bad.refresh_from_db()
    assert (bad.state, bad.error) == ("failed", "the parser was stopped over this message")
    unreadable = Message.objects.get(pk=bad.message_id)
    assert (unreadable.from_email, unreadable.subject) == ("odile@fenwick.example", "Tent")
    assert unreadable.problems[0] == UNREADABLE
    assert unreadable.conversation.status == "open"


def test_a_parser_that_ended_by_itself_is_replaced_and_no_mail_pays_for_it() -> None:
    care = inbox()
    read(mail("first"), care)

    kill_parser()
    parser()._process.wait()  # type: ignore[union-attr]
    read(mail("second"), care)

    assert texts() == ["first", "second"]


def test_what_could_not_be_read_stands_among_failed_work_until_it_is_read_again() -> None:
    care = inbox()
    raw = take(mail("The heliotrope pole."), care)
    dies_over_what_waits()
    assert [r.pk for r in failed_work([care.pk]).raws] == [raw.pk]
    assert found("heliotrope") == 0
    assert found("original") == 1

    assert reading.try_again(raw.pk)
    reading.read_new()

    assert texts() == ["The heliotrope pole."]
    assert (found("heliotrope"), found("original")) == (1, 0)
    assert failed_work([care.pk]).raws == []
    conversation = Conversation.objects.get()
    assert (conversation.last_line, Message.objects.get().problems) == ("The heliotrope pole.", [])


def test_try_again_of_what_was_read_does_nothing() -> None:
    raw = take(mail(), inbox())
    reading.read_new()

    assert not reading.try_again(raw.pk)


def test_who_wrote_is_known_after_reading_again_even_when_the_head_could_not_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    care = inbox()
    raw = take(mail("At last."), care)
    close_parser()
    with monkeypatch.context() as nowhere:
        nowhere.setenv("MAKEGOOD_PARSER", "/nowhere/at/all")
        reading.read_new()
    close_parser()
    assert Message.objects.get().from_email == ""

    reading.try_again(raw.pk)
    reading.read_new()

    message = Message.objects.get()
    assert (message.text.strip(), message.from_name, message.from_email) == (
        "At last.", "Odile Fenwick", "odile@fenwick.example",
    )  # fmt: skip
    assert message.conversation.subject == "Tent"


def test_after_three_attempts_that_ended_the_server_it_is_shown_as_unreadable() -> None:
    raw = take(mail("killer"), inbox())
    RawMessage.objects.update(attempts=3)

    reading.read_new()

    raw.refresh_from_db()
    assert (raw.state, texts()) == ("failed", [UNREADABLE])
    assert "the server stopped" in raw.error


def test_one_that_cannot_be_stored_holds_back_none_of_those_received_with_it() -> None:
    care = inbox()
    read(mail("the first", "Thread-Index: AdqvN1Fh0Yd4YkQvS2q1m0x5N0pQ5A=="), care)
    with connection.cursor() as cursor:  # from here on the database refuses a second of that thread
        cursor.execute("CREATE UNIQUE INDEX poison ON message (direction) WHERE thread_index <> ''")
    try:
        take(mail("before"), care)
        take(mail("poison", "Thread-Index: AdqvN1Fh0Yd4YkQvS2q1m0x5N0pQ5A=="), care)
        take(mail("after"), care)

        tries = reading.read_new()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX poison")

    assert tries == 3 + 2
    assert texts() == ["the first", "before", "after", UNREADABLE]
    assert list(RawMessage.objects.order_by("id").values_list("state", "attempts")) == [
        ("read", 1), ("read", 1), ("failed", 3), ("read", 1),
    ]  # fmt: skip


def test_what_was_laid_aside_and_is_another_workers_by_now_stays_theirs() -> None:
    care = inbox()
    read(mail("the first", "Thread-Index: AdqvN1Fh0Yd4YkQvS2q1m0x5N0pQ5A=="), care)
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX poison ON message (direction) WHERE thread_index <> ''")
    aside = take(mail("poison", "Thread-Index: AdqvN1Fh0Yd4YkQvS2q1m0x5N0pQ5A=="), care)
    take(mail("after"), care)
    row = RawMessage.objects.filter(pk=aside.pk)

    def and_another_claims_it(execute: Any, sql: str, *more: Any) -> Any:
        if sql.startswith("UPDATE raw_message SET state") and row.get().lease_until == 0:
            row.update(lease_until=time.time() + 30, attempts=2)
        return execute(sql, *more)

    try:
        with connection.execute_wrapper(and_another_claims_it):
            reading.read_new()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX poison")

    assert (texts(), row.get().attempts, row.get().lease_until > 0) == (["the first", "after"], 2, True)


@on_postgres
def test_one_that_exceeds_a_limit_of_the_database_stops_none_of_those_behind_it() -> None:
    care = inbox()
    with connection.cursor() as cursor:  # as an index does that finds a value too large for its page
        cursor.execute(
            "CREATE FUNCTION too_much() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'too large' USING ERRCODE = 'program_limit_exceeded'; END $$;"
            "CREATE TRIGGER poison BEFORE INSERT ON message FOR EACH ROW"
            " WHEN (NEW.text LIKE 'poison%') EXECUTE FUNCTION too_much()"
        )
    try:
        for words in ("before", "poison", "after"):
            take(mail(words), care)

        tries = reading.read_new()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER poison ON message; DROP FUNCTION too_much()")

    assert tries == 3 + 2
    assert texts() == ["before", "after", UNREADABLE]
    assert list(RawMessage.objects.order_by("id").values_list("state", flat=True)) == ["read", "failed", "read"]


def test_those_received_together_share_one_statement_of_the_log() -> None:
    care = inbox()
    for number in range(5):
        take(mail(f"number {number}"), care)

    with CaptureQueriesContext(connection) as queries:
        reading.read_new()

    log = [query["sql"] for query in queries if query["sql"].startswith("INSERT INTO event")]
    assert (len(log), LoggedEvent.objects.filter(name="message.received").count()) == (1, 5)


def test_a_raw_file_that_is_gone_does_not_stop_the_next() -> None:
    care = inbox()
    lost = take(mail("x" * 300_000), care)
    take(mail("good"), care)
    (root() / lost.path).unlink()

    reading.read_new()

    assert texts() == [UNREADABLE, "good"]


def test_what_another_worker_reads_is_left_alone_until_it_was_killed() -> None:
    take(mail(), inbox())
    assert len(reading._claim()) == 1

    assert reading.read_new() == 0

    reading.release_all()
    assert reading.read_new() == 1


@on_postgres
def test_two_workers_read_each_mail_once() -> None:
    care = inbox()
    for number in range(40):
        take(mail(f"number {number}"), care)

    at_once(reading.read_new, reading.read_new)
    reading.read_new()

    assert sorted(texts()) == sorted(f"number {number}" for number in range(40))


@on_postgres
def test_two_first_letters_of_one_person_read_at_once_are_from_one_contact(caplog: pytest.LogCaptureFixture) -> None:
    care = inbox()
    read(mail(sender="robin@quayside.example"), care)  # a parser that starts first would part the two
    for text in ("first", "second"):
        take(mail(text), care)
    is_met = threading.Event()

    def meet_meanwhile() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            recognise("odile@fenwick.example", "Odile Fenwick")
            is_met.set()
            waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            while not (cursor.execute(waiting), cursor.fetchone())[1]:
                cursor.execute("SELECT pg_sleep(0.01), pg_stat_clear_snapshot()")

    assert at_once(meet_meanwhile, lambda: is_met.wait(10) and reading.read_new()) == [None, 2]

    assert caplog.messages == []  # what fails together is tried again alone, which would hide it
    met = Contact.objects.get(name="Odile Fenwick")
    assert [message.contact for message in Message.objects.order_by("pk")[1:]] == [met, met]


def test_the_same_mail_from_two_sources_is_one_message() -> None:
    care = inbox()
    first = take(mail(), care)
    RawMessage.objects.filter(pk=first.pk).update(source_key="imap:INBOX:1:1")
    second = take(mail(), care)

    reading.read_new()

    assert len(texts()) == 1
    assert set(RawMessage.objects.values_list("message_id", flat=True)) == {Message.objects.get().pk}
    assert first.pk != second.pk


def test_old_mail_is_read_as_history() -> None:
    message = read(mail("Old.", "Date: Mon, 03 Mar 2025 10:00:00 +0000"), inbox(), is_history=True)

    assert (message.conversation.status, message.at.year) == ("closed", 2025)


def test_mail_of_a_sent_folder_is_ours() -> None:
    message = read(mail("From elsewhere.", sender="care@quillfeather.example"), inbox(), is_outgoing=True)

    assert (message.direction, message.state) == ("out", "sent")


def test_a_reply_by_token_joins_from_raw_bytes() -> None:
    care = inbox()
    ours = answer(read(mail("first"), care).conversation)
    token_address = f"care+{ours.conversation.token}@quillfeather.example"

    again = read(mail("Thanks.", f"Delivered-To: {token_address}", sender="x@elsewhere.example"), care)

    assert again.conversation == ours.conversation


@pytest.mark.parametrize(
    "head",
    ["", "From: a@x.example\r\nFrom: b@y.example", "From: undisclosed", "From: \x00\xff <@>", "Subject: \r\n\r\n\r\n"],
)
def test_a_mail_without_one_believable_sender_has_its_conversation(head: str) -> None:
    message = read(f"{head}\r\nSubject: Odd\r\n\r\nStill words.\r\n".lstrip("\r\n").encode("latin-1"), inbox())

    assert "Still words." in message.text or "Odd" in f"{message.subject}{message.text}"
    assert message.contact is not None
    assert message.contact.handles.count() == 0


@pytest.mark.parametrize("content", [b"", b"\x00", b"\r\n\r\n", b"\xff\xfe" * 500, b"From:" * 5000, b"a:b\n" * 3000])
def test_any_bytes_become_a_message(content: bytes) -> None:
    message = read(content, inbox())

    assert (message.direction, RawMessage.objects.get().state) == ("in", "read")


def test_importing_twice_doubles_nothing(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.eml").write_bytes(mail(f"number {number}"))

    counts = [import_mail(tmp_path, inbox(), is_history=True, tell=lambda _done, _all: None) for _ in range(2)]
    reading.read_new()

    assert (counts, RawMessage.objects.count(), len(texts())) == ([5, 5], 5, 5)


@pytest.mark.parametrize("folder", ["", "cur"])
def test_a_link_in_a_folder_that_is_imported_makes_no_letter_of_what_lies_elsewhere(
    tmp_path: Path, folder: str
) -> None:
    (tmp_path / "secret-key").write_bytes(mail("lantern"))
    (tmp_path / "mails" / folder).mkdir(parents=True)
    (tmp_path / "mails" / folder / "1.eml").symlink_to(tmp_path / "secret-key")
    os.mkfifo(tmp_path / "mails" / folder / "2.eml")

    count = import_mail(tmp_path / "mails", inbox(), is_history=True, tell=lambda _done, _all: None)

    assert (count, RawMessage.objects.count()) == (0, 0)


def test_a_mail_reached_us_when_the_source_says() -> None:
    before = now()

    message = read(mail("x", "Date: Mon, 03 Mar 2025 10:00:00 +0000"), inbox())

    assert before - timedelta(seconds=1) <= message.at <= now()
    assert connection.in_atomic_block is False


def note(message_id: str) -> bytes:
    """As a connection test's note comes back."""
    return mail("Mail goes out and comes back.").replace(
        b"Message-ID: <", f"Message-ID: {message_id}\r\nX-Was: <".encode()
    )


def test_the_note_of_a_connection_test_is_kept_as_it_came_and_becomes_no_conversation() -> None:
    care, ours = inbox(), "<1.2.3.makegood-test@quillfeather.example>"
    probe_notes.remember(care, ours)
    raw = take(note(ours), care)

    reading.read_new()

    raw.refresh_from_db()
    assert (raw.state, raw.message_id, Conversation.objects.count()) == ("read", None, 0)
    assert b"X-Was" in content_of(raw)
    assert probe_notes.is_back(care, ours)
    assert not LoggedEvent.objects.filter(name="message.received").exists()


def test_a_mail_that_only_looks_like_the_note_of_a_connection_test_is_mail() -> None:
    care, other = inbox(), Inbox.objects.create(name="Sales", address="sales@quillfeather.example")
    ours = "<1.2.3.makegood-test@quillfeather.example>"
    probe_notes.remember(other, ours)

    forged = read(note("<9.9.9.makegood-test@quillfeather.example>"), care)
    elsewhere = read(note(ours), care)

    assert {forged.conversation.status, elsewhere.conversation.status} == {"open"}
    assert not probe_notes.is_back(other, ours)


class Cutting(Parser):
    """While it reads its first mail the database goes away, until `mended`."""

    cut = ""

    def parse(self, *given: Any) -> Incoming:
        if self.cut:
            self.lets_in("false")
            self.tell("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", self.cut)
            self.cut = ""
        return super().parse(*given)

    def lets_in(self, anybody: str) -> None:
        name = connection.settings_dict["NAME"]
        self.tell(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS {anybody}')

    def tell(self, statement: str, *values: str) -> None:
        """Not from within the database that goes away."""
        there = connection.get_connection_params() | {"dbname": "postgres"}
        with psycopg.connect(**there, autocommit=True) as other:
            other.execute(statement, values)


@on_postgres
def test_after_the_database_was_gone_nobody_waits_for_the_lease_of_what_was_in_hand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take(mail(), inbox())
    cutting = Cutting()
    cutting.cut = connection.settings_dict["NAME"]
    monkeypatch.setattr(reading, "parser", lambda: cutting)

    try:
        with pytest.raises(DatabaseError):
            reading.read_new()
        connection.close()
    finally:
        cutting.lets_in("true")

    assert (reading.read_new(), [raw.attempts for raw in RawMessage.objects.all()]) == (1, [1])
    cutting.close()


def test_a_letter_waits_for_one_large_mail_at_most_and_for_no_history() -> None:
    care = inbox()
    for number in range(3):
        take(mail(f"old {number}"), care, is_history=True)
    for number in range(3):
        take(mail(f"large {number} " + "x" * 300_000), care)
    take(mail("letter"), care)

    assert reading.read_new() == 7

    assert [text[:7] for text in texts()] == ["large 0", "letter", "old 0", "old 1", "old 2", "large 1", "large 2"]


def test_large_mails_that_take_long_are_still_read_one_before_each_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BATCH_SECONDS", 0.02)  # less than each of them takes
    care, large = inbox(), CASES["quoted lines"](2 * MIB)
    for number in range(4):
        take(large + b"\r\nX: %d" % number, care)
    letter = take(mail("letter"), care)

    reading.read_new()

    states = Message.objects.order_by("pk").values_list("raw_id", flat=True)
    assert list(states).index(letter.pk) == 1


def test_what_waits_is_found_by_index_however_much_waits() -> None:
    care = inbox()
    take(mail(), care)
    take(mail("x" * 300_000), care)

    with CaptureQueriesContext(connection) as queries:
        reading._claim()

    claims = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    assert len(claims) == 2
    if connection.vendor == "sqlite":  # a server's planner looks at how full a table is
        with connection.cursor() as cursor:
            plans = [str(cursor.execute(f"EXPLAIN QUERY PLAN {claim}").fetchall()) for claim in claims]
        assert ["raw_message_new" in plans[0], "raw_message_large" in plans[1]] == [True, True], plans
