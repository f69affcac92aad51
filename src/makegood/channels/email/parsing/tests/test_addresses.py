"""Traits 14 and 15: who wrote, when the From line is missing, doubled, broken or a lie."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from makegood.channels.email.parsing import addresses, message, warnings
from makegood.channels.email.parsing.message import parse
from makegood.channels.email.parsing.tests.mails import bare
from makegood.conversations.envelope import Address

ODILE = Address("Odile Fenwick", "odile@fenwick.example")


def _list(value: str | bytes) -> list[Address]:
    return addresses.read_list([value if isinstance(value, bytes) else value.encode()])[0]


@pytest.mark.parametrize(
    "written",
    [
        "Odile Fenwick <odile@fenwick.example>",
        '"Odile Fenwick" <odile@fenwick.example>',
        "odile@fenwick.example (Odile Fenwick)",
        "Odile Fenwick odile@fenwick.example",
        "Odile Fenwick <mailto:odile@fenwick.example>",
        "Odile Fenwick <odile@fenwick.example.>",
        "Odile Fenwick <<odile@fenwick.example>>",
        "Odile Fenwick <odile@fenwick.example",
        "Odile Fenwick < odile@fenwick.example >",
        "Odile Fenwick <@relay.example:odile@fenwick.example>",
        "=?utf-8?q?Odile_Fenwick?= <odile@fenwick.example>",
        '"=?utf-8?q?Odile_Fenwick?=" <odile@fenwick.example>',
    ],
)
def test_one_address_however_it_is_written(written: str) -> None:
    assert _list(written) == [ODILE]


def test_an_unquoted_comma_in_the_name() -> None:
    assert _list("Fenwick, Odile <odile@fenwick.example>") == [Address("Fenwick, Odile", "odile@fenwick.example")]


def test_a_comma_inside_an_encoded_word() -> None:
    assert _list("=?utf-8?q?Fenwick,_Odile?= <odile@fenwick.example>") == [
        Address("Fenwick, Odile", "odile@fenwick.example")
    ]


def test_several_addresses_and_a_group() -> None:
    found = _list("a@lamps.example, Friends: Odile Fenwick <odile@fenwick.example>, b@lamps.example;, c@lamps.example")

    assert [address.email for address in found] == [
        "a@lamps.example", "odile@fenwick.example", "b@lamps.example", "c@lamps.example",
    ]  # fmt: skip


def test_undisclosed_recipients_are_nobody() -> None:
    assert _list("undisclosed-recipients:;") == []


def test_a_name_of_question_marks_keeps_its_address() -> None:
    assert _list("[??????] <odile@fenwick.example>") == [Address("[??????]", "odile@fenwick.example")]


@pytest.mark.parametrize(
    "spec",
    [
        "=?utf-8?q?odile=40fenwick.example?=", "odile@evil.example\x00@fenwick.example", "odile", "@fenwick.example",
        "odile@", "odile@fenwick..example", "odile@-fenwick.example", "odile fenwick@fenwick.example",
        "odile@fenwick.example\nBcc: x@y.example", "a@b@c.example", "",
    ],
)  # fmt: skip
def test_what_is_no_addr_spec_is_none(spec: str) -> None:
    assert addresses.read_spec(spec) == ""


@pytest.mark.parametrize(
    "spec",
    ["odile@fenwick.example", "o..d.@keitai.example", '"odile f"@fenwick.example', "odile@[192.0.2.1]",
     "odile@bücher.example", "odile+lamp=x@sub.fenwick.example", "odile@localhost"],
)  # fmt: skip
def test_an_addr_spec_is_taken_as_it_stands(spec: str) -> None:
    assert addresses.read_spec(spec) == spec


def test_an_encoded_word_is_not_decoded_inside_an_address() -> None:
    incoming = parse(bare("From: <=?utf-8?q?odile=40fenwick.example=00?=@evil.example>"))

    assert incoming.sender is None


def test_no_from_at_all_shows_reply_to_then_sender_then_return_path() -> None:
    fields = ["Reply-To: r@fenwick.example", "Sender: s@fenwick.example", "Return-Path: <p@fenwick.example>"]

    shown = [parse(bare("Subject: x", *fields[start:])).shown_sender.email for start in range(4)]

    assert shown == ["r@fenwick.example", "s@fenwick.example", "p@fenwick.example", ""]


def test_without_a_from_there_is_no_sender_but_a_message() -> None:
    incoming = parse(bare("Subject: Lamp", body="hello"))

    assert (incoming.sender, incoming.text, incoming.problems) == (None, "hello", [message.NO_SENDER])


def test_an_empty_address_keeps_the_name_that_is_shown() -> None:
    incoming = parse(bare("From: Odile Fenwick <>", "Reply-To: odile@fenwick.example"))

    assert incoming.sender is None
    assert incoming.shown_sender == ODILE


@pytest.mark.parametrize(
    "froms",
    [
        ["From: a@fenwick.example", "From: b@evil.example"],
        ["From: a@fenwick.example, b@evil.example"],
        ["From: a <a@fenwick.example> <b@evil.example>"],
    ],
)
def test_several_senders_are_no_sender(froms: list[str]) -> None:
    incoming = parse(bare(*froms))

    assert incoming.sender is None
    assert incoming.shown_sender.email == "a@fenwick.example"
    assert incoming.problems == [message.SEVERAL_SENDERS]
    assert incoming.warnings == [warnings.SEVERAL_SENDERS]


def test_more_than_200_addresses_are_cut_and_that_is_told() -> None:
    incoming = parse(bare("From: a@fenwick.example", "To: " + ", ".join(f"p{n}@lamps.example" for n in range(300))))

    assert (len(incoming.to), incoming.problems) == (200, [message.TOO_MANY_ADDRESSES])


def test_an_address_in_the_display_name_is_warned_of() -> None:
    incoming = parse(bare('From: "boss@lamps.example" <odile@evil.example>'))

    assert incoming.shown_sender == Address("boss@lamps.example", "odile@evil.example")
    assert incoming.warnings == [warnings.NAME_HAS_ADDRESS]


@pytest.mark.parametrize("sign", ["\uff20", "\ufe6b"])
def test_an_address_with_an_at_sign_that_is_wide_or_small_is_warned_of(sign: str) -> None:
    incoming = parse(
        bare("From: =?utf-8?q?" + quote(f"boss{sign}lamps.example").replace("%", "=") + "?= <odile@evil.example>")
    )

    assert incoming.warnings == [warnings.NAME_HAS_ADDRESS]


def test_the_own_address_as_display_name_is_no_warning() -> None:
    assert parse(bare('From: "Odile@fenwick.example" <odile@fenwick.example>')).warnings == []


@pytest.mark.parametrize(
    ("domain", "code"),
    [
        ("fenwiсk.example", warnings.MIXED_SCRIPT_DOMAIN),  # a Cyrillic letter among Latin ones
        ("xn--fenwik-eif.example", warnings.MIXED_SCRIPT_DOMAIN),
        ("сосо.example", warnings.LOOKALIKE_DOMAIN),  # all Cyrillic, all like Latin
    ],
)
def test_a_homograph_domain_is_warned_of(domain: str, code: str) -> None:
    assert parse(bare(f"From: odile@{domain}")).warnings == [code]


@pytest.mark.parametrize("domain", ["bücher.example", "почта.example", "例え.example", "xn--bcher-kva.example"])
def test_an_honest_domain_of_another_script_is_no_warning(domain: str) -> None:
    assert parse(bare(f"From: odile@{domain}")).warnings == []


def test_an_answer_that_goes_elsewhere_is_warned_of_by_whole_labels() -> None:
    def codes(reply_to: str) -> list[str]:
        return parse(bare("From: a@fenwick.example", f"Reply-To: {reply_to}")).warnings

    assert codes("b@mail.fenwick.example") == []
    assert codes("b@fenwick.example") == []
    assert codes("b@evilfenwick.example") == [warnings.REPLY_TO_ELSEWHERE]


def test_trait_26_a_contact_form_leaves_its_customer_in_reply_to() -> None:
    incoming = parse(bare("From: Shop form <form@shop.example>", "Reply-To: Odile Fenwick <odile@fenwick.example>"))

    assert incoming.sender == Address("Shop form", "form@shop.example")
    assert incoming.reply_to == [ODILE]
