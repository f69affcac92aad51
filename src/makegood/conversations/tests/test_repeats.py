"""Which words of a letter stand in a note, and are not public."""

from __future__ import annotations

import pytest

from makegood.conversations.repeats import repeated, still_repeated
from makegood.text.tests.timing import assert_linear

NOTE = "Be careful with this customer, they have returned four tents this year already."
EIGHT = "careful with this customer, they have returned four"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"I was told: {EIGHT}.", [EIGHT]),
        (f"{EIGHT.upper()}!", [EIGHT.upper()]),
        (EIGHT.replace(" ", "\n>  "), [EIGHT.replace(" ", " > ")]),
        ("careful with this customer, they have returned five", []),
        ("careful with this customer, they have returned", []),
        (f"{NOTE} And then: {EIGHT}!", [NOTE[:-1], EIGHT]),
        ("", []),
        ("A new pole is on its way to you.", []),
    ],
)  # fmt: skip
def test_eight_words_in_a_row_are_a_repeat(text: str, found: list[str]) -> None:
    assert repeated(text, [NOTE]) == found


def test_words_of_two_notes_are_not_put_together() -> None:
    assert repeated("one two three four five six seven eight", ["one two three four", "five six seven eight"]) == []


@pytest.mark.parametrize(
    ("text", "is_found"), [("这位客户今年已经退了四顶帐篷请小心", True), ("这位客户今年已经退", False)]
)
def test_in_scripts_without_blanks_two_signs_are_a_word(text: str, is_found: bool) -> None:
    note = "注意：这位客户今年已经退了四顶帐篷请小心。"

    assert bool(repeated(text, [note])) is is_found


def test_what_is_public_already_is_no_repeat() -> None:
    longer = f"{EIGHT} tents and a stove this year"

    assert still_repeated(longer, [longer], [f"They wrote: {EIGHT} times"]) == [
        "with this customer, they have returned four tents and a stove this year"
    ]
    assert still_repeated(EIGHT, [NOTE], ["Something else.", f"They wrote: {EIGHT}."]) == []


def test_public_texts_are_read_no_further_than_needed() -> None:
    def texts() -> object:
        yield EIGHT
        raise AssertionError("read on")

    assert still_repeated(EIGHT, [NOTE], texts()) == []


@pytest.mark.parametrize("piece", ["same words again and again ", "帐篷", "x", " . "])
def test_the_time_is_linear(piece: str) -> None:
    assert_linear(lambda text: still_repeated(text, [text], [text[1:]]), piece, 20_000)
