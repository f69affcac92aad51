"""Traits 16 to 19 and the head of a message: subjects, ids, dates, and what reaches the caller."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from makegood.channels.email.parsing import dates
from makegood.channels.email.parsing.as_json import as_json
from makegood.channels.email.parsing.message import parse
from makegood.channels.email.parsing.tests.mails import bare, mail, multipart

NOW = datetime(2026, 11, 2, 9, 15, tzinfo=UTC)


def test_line_ends_and_controls_leave_subject_name_and_file_name() -> None:
    raw = bare(
        "From: =?utf-8?q?Odile=0D=0ABcc:_x=40evil.example?= <odile@fenwick.example>",
        "Subject: =?utf-8?q?Lamp=0D=0AX-Evil:_1=07?=",
        'Content-Type: application/pdf; name="=?utf-8?q?a=0D=0Ab.pdf?="',
    )
    incoming = parse(raw)

    assert incoming.subject == "Lamp X-Evil: 1"
    assert incoming.shown_sender.name == "Odile Bcc: x@evil.example"
    assert incoming.files[0].filename == "a b.pdf"


def test_bidi_marks_leave_the_subject() -> None:
    assert parse(bare("Subject: =?utf-8?b?4oCuZmRwLmV4ZQ==?=")).subject == "fdp.exe"


def test_letters_that_nobody_sees_leave_subject_name_and_file_name() -> None:
    incoming = parse(
        bare(
            "From: Odi\u200ble\u3164 Fen\u2060wick <odile@fenwick.example>",
            "Subject: Re\ufefffund \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            'Content-Type: application/pdf; name="a\u200bb.pdf"',
        )
    )

    assert (incoming.shown_sender.name, incoming.subject, incoming.files[0].filename) == (
        "Odile Fenwick", "Refund \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "ab.pdf",
    )  # fmt: skip


@pytest.mark.parametrize("letter", ["\u200b", "\u3164", "\u2060", "\u202e", "\u200d"])
def test_an_address_with_letters_that_nobody_sees_is_nobodys(letter: str) -> None:
    for address in (f"odi{letter}le@fenwick.example", f"odile@fen{letter}wick.example"):
        assert parse(bare(f"From: Odile <{address}>")).sender is None


def test_a_folded_subject_is_one_line() -> None:
    assert parse(bare("Subject: my lamp\r\n does not\r\n\tburn")).subject == "my lamp does not burn"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<a1@fenwick.example>", "<a1@fenwick.example>"),
        ("a1@fenwick.example", "<a1@fenwick.example>"),
        ("<a1\r\n @fenwick.example>", "<a1@fenwick.example>"),
        (" \r\n <a1@fenwick.example> (added)", "<a1@fenwick.example>"),
        ("<no-at-sign>", "<no-at-sign>"),
        ("<a\x801@fenwick.example>", "<a1@fenwick.example>"),
        ("a\x85@", "<a@>"),
    ],
)
def test_a_message_id_however_it_is_written(written: str, read: str) -> None:
    assert parse(bare(f"Message-ID: {written}")).message_id == read


def test_of_two_message_ids_the_first_counts() -> None:
    assert parse(bare("Message-ID: <a@x.example>", "Message-ID: <b@x.example>")).message_id == "<a@x.example>"


def test_a_missing_message_id_is_made_from_the_hash_and_stays_the_same() -> None:
    raw = bare("Subject: Lamp")

    assert parse(raw).message_id == f"<{hashlib.sha256(raw).hexdigest()}@no-message-id.invalid>"
    assert parse(raw).message_id == parse(raw).message_id


def test_thread_index_is_kept_for_replies_without_references() -> None:
    incoming = parse(bare("Thread-Index: AdTLb2xhbXBzLmV4YW1wbGU=\r\n AAAB", "Subject: Lamp"))

    assert (incoming.thread_index, incoming.in_reply_to, incoming.references) == (
        "AdTLb2xhbXBzLmV4YW1wbGU=AAAB",
        "",
        [],
    )


def test_the_last_valid_id_of_in_reply_to_wins_and_phrases_are_skipped() -> None:
    raw = bare('In-Reply-To: Your message of "Monday" <a@x.example> <b@x.example>')

    assert parse(raw).in_reply_to == "<b@x.example>"


def test_references_are_read_once_each_and_malformed_ones_left_out() -> None:
    raw = bare("References: <a@x.example>,<b@x.example>\r\n\t<a@x.example> junk <> <c d@x.example>")

    assert parse(raw).references == ["<a@x.example>", "<b@x.example>"]


def test_endless_references_keep_the_first_and_the_last() -> None:
    references = parse(bare("References: " + " ".join(f"<{n}@x.example>" for n in range(1000)))).references

    assert (len(references), references[0], references[-1]) == (100, "<0@x.example>", "<999@x.example>")


def test_a_date_keeps_its_offset() -> None:
    incoming = parse(bare("Date: Mon, 2 Nov 2026 10:15:00 +0100 (CET)"))

    assert incoming.date == NOW
    assert incoming.date.utcoffset() == timedelta(hours=1)


@pytest.mark.parametrize(
    ("date", "problem"),
    [("Mon, 32 Foo 2026", dates.UNREADABLE), ("Mon, 2 Nov 2037 10:15:00 +0100", dates.IN_THE_FUTURE)],
)
def test_an_impossible_date_gives_way_to_the_arrival(date: str, problem: str) -> None:
    incoming = parse(bare("From: a@x.example", f"Date: {date}"), received_at=NOW)

    assert (incoming.date, incoming.problems) == (NOW, [problem])


@pytest.mark.parametrize(
    "date", ["Mon, 2 Nov 99999 10:00:00 +0000", "2 Nov 2026 99:99:99 +9999", "\xff", "-", "+" * 99]
)
def test_a_senseless_date_never_raises(date: str) -> None:
    assert parse(bare(f"Date: {date}"), received_at=NOW).date is not None


def test_delivered_to_names_each_address_once() -> None:
    raw = bare(
        "Delivered-To: help@lamps.example", "X-Original-To: help@lamps.example", "Envelope-To: <h2@lamps.example>"
    )

    assert parse(raw).delivered_to == ["help@lamps.example", "h2@lamps.example"]


@pytest.mark.parametrize(
    "field", ["X-Spam-Flag: YES", "X-Spam-Status: Yes, score=9", "X-MS-Exchange-Organization-SCL: 6"]
)
def test_the_servers_own_judgement_of_spam(field: str) -> None:
    assert parse(bare("From: a@x.example", field)).spam


def test_the_servers_word_that_it_is_no_spam() -> None:
    assert not parse(bare("X-Spam-Flag: NO", "X-Spam-Status: No, score=1", "X-MS-Exchange-Organization-SCL: -1")).spam


def test_no_bytes_at_all_are_a_message() -> None:
    incoming = parse(b"")

    assert (incoming.sender, incoming.text, incoming.files) == (None, "", [])


def test_the_line_of_an_mbox_is_skipped() -> None:
    assert parse(b"From odile Mon Nov  2 10:15:00 2026\n" + bare("Subject: Lamp")).subject == "Lamp"


def test_json_has_the_documented_shape() -> None:
    raw = multipart("\nGood morning", "Content-Type: application/pdf; name=a.pdf\n\n%PDF")
    found = as_json(parse(raw), raw)

    assert found["from"] == {"name": "Odile Fenwick", "email": "odile@fenwick.example"}
    assert found["to"] == [{"name": "", "email": "help@lamps.example"}]
    assert found["attachments"] == [
        {
            "filename": "a.pdf",
            "content_type": "application/pdf",
            "size": 4,
            "sha256": hashlib.sha256(b"%PDF").hexdigest(),
            "inline": False,
        }
    ]
    assert found["raw_sha256"] == hashlib.sha256(raw).hexdigest()
    judged = {"auto_reply": False, "bounce": False, "bounce_hard": None, "bounce_recipients": []}
    assert {key: found[key] for key in judged} == judged
    assert (found["kind"], found["identity"]) == ("message", "claimed")
    assert set(found) >= {
        "cc", "reply_to", "subject", "date", "message_id", "in_reply_to", "references", "text", "html", "reply_text",
        "problems",
    }  # fmt: skip


def test_json_shows_the_best_sender_even_when_none_is_believed() -> None:
    raw = mail("From: b@evil.example")

    assert as_json(parse(raw), raw)["from"]["email"] == "odile@fenwick.example"
