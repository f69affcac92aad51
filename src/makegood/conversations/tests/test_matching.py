"""What a message says about where it belongs: only tokens of ours and Message-IDs, best first."""

from __future__ import annotations

import pytest

from makegood.conversations import matching
from makegood.conversations.envelope import Address, Bounce, Incoming

TOKEN = "0123456789abcdef" * 2
OTHER = "f" * 32
KEY = "a" * 32


def test_the_token_stands_behind_the_plus_of_the_address() -> None:
    assert matching.token_of_address(f"care+{TOKEN}@quillfeather.example") == TOKEN


def test_a_token_is_found_whatever_its_case() -> None:
    assert matching.token_of_address(f"Care+{TOKEN.upper()}@Quillfeather.example") == TOKEN


def test_what_is_not_128_bits_is_no_token() -> None:
    addresses = [
        f"care+{TOKEN[:-1]}@q.example",
        f"care+{TOKEN}0@q.example",
        "care+1234@q.example",
        f"{TOKEN}@q.example",
    ]

    assert [matching.token_of_address(address) for address in addresses] == ["", "", "", ""]


def test_a_message_id_of_ours_holds_the_token() -> None:
    assert matching.token_of_message_id(matching.message_id(KEY, TOKEN, "quillfeather.example")) == TOKEN


def test_a_message_id_of_others_holds_none() -> None:
    ids = [f"<{TOKEN}@q.example>", f"<x.{TOKEN}@q.example>", "<>", "", f"<{KEY}.{TOKEN}x@q.example>"]

    assert [matching.token_of_message_id(id_) for id_ in ids] == [""] * 5


def test_a_reply_address_keeps_no_other_detail() -> None:
    assert matching.reply_address("care+shop@quillfeather.example", TOKEN) == f"care+{TOKEN}@quillfeather.example"


def test_addresses_come_before_quoted_ids_and_the_newest_id_first() -> None:
    ours = matching.message_id(KEY, OTHER, "quillfeather.example")
    incoming = Incoming(
        to=[Address("", f"care+{TOKEN}@quillfeather.example")],
        in_reply_to=ours,
        references=["<one@x.example>", "<two@x.example>", ours],
    )

    traces = matching.traces(incoming)

    assert traces.tokens == (TOKEN, OTHER)
    assert traces.message_ids == (ours, "<two@x.example>", "<one@x.example>")


def test_a_bounce_belongs_where_the_message_it_names_belongs() -> None:
    ours = matching.message_id(KEY, TOKEN, "quillfeather.example")

    traces = matching.traces(Incoming(bounce=Bounce(original_message_id=ours)))

    assert traces.tokens == (TOKEN,)
    assert traces.message_ids == (ours,)


def test_of_endless_references_the_newest_fifty_are_read() -> None:
    incoming = Incoming(references=[f"<{n}@x.example>" for n in range(200)])

    assert matching.traces(incoming).message_ids == tuple(f"<{n}@x.example>" for n in range(199, 149, -1))


def test_subjects_and_names_say_nothing() -> None:
    incoming = Incoming(subject=f"Re: [#12] {TOKEN}", sender=Address(TOKEN, "odile@fenwick.example"))

    traces = matching.traces(incoming)

    assert (traces.tokens, traces.message_ids) == ((), ())


@pytest.mark.parametrize("before", ["care+", "mailto:care%2B", "<0123456789abcdef0123456789abcdef.", "CARE+"])
@pytest.mark.parametrize("at", ["@", "%40"])
def test_words_for_others_hold_no_token_however_it_is_written(before: str, at: str) -> None:
    token = "00ff" * 8

    words = f"To: {before}{token}{at}quillfeather.example, {before}{token.upper()}{at}x.example"

    told = matching.without_tokens(words, {token}.intersection)

    assert token not in told.lower()
    assert told.count(at) == 2
    assert matching.without_tokens(words, {"0f" * 16}.intersection) == words
