"""The search field's grammar never fails: what is no filter is words."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.search.grammar import MAX_TERMS, Term, parse
from makegood.search.words import LONGEST, indexed, tokens


def test_words_phrases_and_what_must_not_occur() -> None:
    assert parse('pole "cracked  tent" -stove -"old tent" crac*').terms == [
        Term("pole"), Term("cracked  tent", is_phrase=True), Term("stove", is_without=True),
        Term("old tent", is_phrase=True, is_without=True), Term("crac*"),
    ]  # fmt: skip


def test_filters_keep_their_values_and_order() -> None:
    query = parse('from:odile TAG:"late parcel" is:open has:attachment before:2026-01-01')

    assert query.filters == [
        ("from", "odile"), ("tag", "late parcel"), ("is", "open"), ("has", "attachment"), ("before", "2026-01-01"),
    ]  # fmt: skip
    assert query.terms == []


@pytest.mark.parametrize("text", ["http://x.example", "nonsense:word", "12:30", "from:", "-", '"', '""', ":", "a:b:c"])
def test_what_is_no_filter_is_looked_for(text: str) -> None:
    assert parse(text).filters == []


def test_a_phrase_that_was_not_closed_goes_to_the_end() -> None:
    assert parse('"cracked tent').terms == [Term("cracked tent", is_phrase=True)]


def test_beyond_twenty_terms_the_rest_is_left_out() -> None:
    query = parse(" ".join(f"w{n}" for n in range(50)) + " tag:a" * 50)

    assert (len(query.terms), len(query.filters)) == (MAX_TERMS, MAX_TERMS)


@given(st.text(max_size=300))
def test_any_text_is_a_query(text: str) -> None:
    query = parse(text)

    assert all("\0" not in term.text for term in query.terms)
    assert all("\0" not in value for _, value in query.filters)


@given(st.text(max_size=300))
def test_tokens_are_lower_case_words_of_bounded_length(text: str) -> None:
    for token in tokens(text):
        assert 1 <= len(token) <= LONGEST
        assert not any(char in token for char in " \0\"'()*:&|!<>\\-")


def test_accents_and_compatibility_forms_are_folded() -> None:
    assert tokens("Crème BRÛLÉE ﬁsh Ｈｅｒｏｎ") == ["creme", "brulee", "fish", "heron"]


def test_scripts_without_blanks_are_cut_in_pairs() -> None:
    assert tokens("北の国から") == ["北の", "の国", "国か", "から"]


@pytest.mark.parametrize("piece", ["word ", '"', "-a:", "北", "é", "from:x "])
def test_reading_and_indexing_take_time_linear_in_the_text(piece: str) -> None:
    def seconds(count: int) -> float:
        text, best = piece * count, 9.0
        for _ in range(3):
            begin = time.process_time()
            indexed(text, "en")
            parse(text)
            best = min(best, time.process_time() - begin)
        return best

    one, four = seconds(4_000), seconds(16_000)

    assert four < max(one, 0.004) * 4 * 1.6
