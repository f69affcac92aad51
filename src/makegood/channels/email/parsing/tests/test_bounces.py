"""Traits 10, 20 and 21: bounces, delays, complaints and receipts, by the standard and in free text."""

from __future__ import annotations

import pytest

from makegood.channels.email.parsing import bounce_texts
from makegood.channels.email.parsing.message import parse
from makegood.channels.email.parsing.tests.generator import (
    OUR_ID,
    Sample,
    bounces,
    complaints,
    delays,
    receipts,
)
from makegood.channels.email.parsing.tests.mails import bare, mail, multipart
from makegood.conversations.envelope import Kind

REPORTS = [*bounces(), *delays(), *complaints(), *receipts()]


@pytest.mark.parametrize("sample", REPORTS, ids=lambda sample: sample.name)
def test_a_report_is_recognised_with_all_it_says(sample: Sample) -> None:
    incoming = parse(sample.content)

    assert incoming.kind is sample.kind
    assert incoming.bounce is not None
    if sample.hard is not None:
        assert incoming.bounce.hard is sample.hard
    if sample.recipient:
        assert incoming.bounce.recipients == (sample.recipient,)
    if sample.has_original_id:
        assert incoming.bounce.original_message_id == OUR_ID


def test_failed_beats_delayed_and_delivered_in_one_report() -> None:
    groups = "".join(
        f"\nFinal-Recipient: rfc822; {name}@fenwick.example\nAction: {action}\nStatus: {status}\n"
        for name, action, status in (("a", "delivered", "2.0.0"), ("b", "delayed", "4.4.1"), ("c", "failed", "5.1.1"))
    )
    raw = multipart(
        "\nwords", f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n{groups}", subtype="report"
    )
    incoming = parse(raw)

    assert incoming.kind is Kind.BOUNCE
    assert incoming.bounce is not None
    assert incoming.bounce.recipients == ("c@fenwick.example",)


def test_an_attached_bounce_in_a_persons_mail_is_a_message() -> None:
    bounce = next(bounces()).content.decode()

    assert parse(multipart("\nwhat is this?", f"Content-Type: message/rfc822\n\n{bounce}")).kind is Kind.MESSAGE


def test_the_words_of_the_server_are_one_line() -> None:
    incoming = parse(next(bounces()).content)

    assert incoming.bounce is not None
    assert incoming.bounce.said == (
        "550 5.1.1 <odile.0@fenwick.example>: Recipient address rejected: User unknown in virtual mailbox table"
    )


@pytest.mark.parametrize(
    ("said", "status", "hard"),
    [
        ("550 5.1.1 user unknown", "5.1.1", True),
        ("552 mailbox full", "5.2.2", False),
        ("553 5.1.8 sender domain not found", "5.1.8", False),
        ("550 5.4.1 Recipient address rejected: Access denied", "5.4.1", True),
        ("", "5.1.1", True),
        ("", "4.4.7", False),
        ("", "5.7.1", False),
        ("550 go away", "", True),
        ("451 later", "", False),
    ],
)
def test_hard_is_an_address_that_is_not_there(said: str, status: str, hard: bool) -> None:
    assert bounce_texts.is_hard(said, status, "") is hard


def test_a_bounce_without_any_recipient_is_still_a_bounce() -> None:
    raw = bare(
        "From: MAILER-DAEMON@x.example", "Subject: Undelivered mail", body="Your message could not be delivered."
    )
    incoming = parse(raw)

    assert incoming.kind is Kind.BOUNCE
    assert incoming.bounce is not None
    assert incoming.bounce.recipients == ()


def test_a_challenge_of_a_mail_server_to_confirm_is_no_bounce() -> None:
    raw = mail("Auto-Submitted: auto-replied", body="Please confirm that you are a person by answering this message.")

    assert parse(raw).kind is Kind.AUTO_REPLY


def test_a_control_character_in_a_quoted_message_id_makes_it_no_id() -> None:
    text = b"Hi. This is the qmail-send program at mail.relay.example.\n\n<o@fenwick.example>:\n550 5.1.1 unknown\n\n"
    head = b"Return-Path: <>\nFrom: MAILER-DAEMON@mail.relay.example\nSubject: failure notice\n\n"

    bounce = parse(
        head + text + b"--- Below this line is a copy of the message.\n\nMessage-ID: <case\x0141@x.example>\n"
    ).bounce

    assert bounce is not None
    assert bounce.original_message_id == ""
