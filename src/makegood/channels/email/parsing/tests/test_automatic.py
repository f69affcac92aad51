"""Trait 22 and the fence around it: what machines answer, and what only sounds like it."""

from __future__ import annotations

import pytest

from makegood.channels.email.parsing.message import parse
from makegood.channels.email.parsing.tests.generator import Sample, auto_replies, people
from makegood.channels.email.parsing.tests.mails import bare, read
from makegood.conversations.envelope import Kind


@pytest.mark.parametrize("sample", list(auto_replies()), ids=lambda sample: sample.name)
def test_an_automatic_reply_is_recognised(sample: Sample) -> None:
    assert parse(sample.content).kind is Kind.AUTO_REPLY


@pytest.mark.parametrize("sample", list(people()), ids=lambda sample: sample.name)
def test_a_persons_mail_is_not_taken_for_a_machines(sample: Sample) -> None:
    assert parse(sample.content).kind is Kind.MESSAGE


def test_x_auto_response_suppress_alone_is_not_enough() -> None:
    incoming = read("X-Auto-Response-Suppress: All", body="Where is my lamp?")

    assert (incoming.kind, incoming.bulk) == (Kind.MESSAGE, True)


def test_auto_submitted_no_is_a_person() -> None:
    assert read("Auto-Submitted: no", body="hello").kind is Kind.MESSAGE


def test_a_contact_form_that_calls_itself_generated_is_its_customers_message() -> None:
    raw = bare(
        "From: form@shop.example",
        "Reply-To: odile@fenwick.example",
        "Auto-Submitted: auto-generated",
        "Subject: Contact form",
    )

    assert parse(raw).kind is Kind.MESSAGE


@pytest.mark.parametrize(
    "field",
    [
        "List-Id: <x.example>", "List-Unsubscribe: <mailto:x@x.example>", "Precedence: bulk", "Return-Path: <>",
        "Auto-Submitted: auto-generated", "Feedback-ID: 1:x",
    ],
)  # fmt: skip
def test_mail_that_no_automatic_answer_may_follow(field: str) -> None:
    assert read(field, body="hello").bulk


@pytest.mark.parametrize(
    "sender",
    [
        "no-reply@x.example", "noreply@x.example", "do-not-reply@x.example", "newsletter@x.example",
        "no_reply+7@x.example", "postmaster@x.example", "owner-tents@x.example", "tents-request@x.example",
    ],
)  # fmt: skip
def test_a_sender_who_does_not_read_gets_no_automatic_answer(sender: str) -> None:
    assert parse(bare(f"From: {sender}")).bulk


def test_an_ordinary_mail_may_be_answered() -> None:
    assert not read("Return-Path: <odile@fenwick.example>", body="hello").bulk
