"""Letters that nobody sees go, those that shape a word or a picture stay."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.text.unseen import without_unseen

BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
UNSEEN = [
    "\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u17b4", "\u180e", "\u200b", "\u200c", "\u200d", "\u200e",
    "\u200f", "\u202a", "\u202e", "\u2060", "\u2063", "\u2066", "\u2069", "\u206f", "\u3164", "\ufe00", "\ufe0f",
    "\ufeff", "\uffa0",
    "\ufff9", "\U0001d173", "\U000e0001", "\U000e0041", "\U000e0100", "\u200d\u200b\u200c",
]  # fmt: skip
WORDS = [
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian: I want
    "\u0915\u094d\u200d\u0937", "\u0915\u094d\u200c\u0937",  # Devanagari: half form, and explicit virama
    "\u0dc1\u0dca\u200d\u0dbb\u0dd3",  # Sinhala: Sri
    "\u0d28\u0d4d\u200d",  # Malayalam: chillu n
    "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "\u2764\ufe0f\u200d\U0001f525", "\U0001f469\U0001f3fd\u200d\U0001f680",
    "\U0001f3f3\ufe0f\u200d\U0001f308", "\U0001f926\u200d\u2642\ufe0f", "1\ufe0f\u20e3", "\u00a9\ufe0f",
    "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",  # the flag of Wales
    "\u8fbb\U000e0100", "\u1820\u180b\u1828",  # a form of a Chinese sign, a Mongolian word
    "\ud55c\uad6d\uc5b4", "\u05e2\u05d1\u05e8\u05d9\u05ea", "\u0661\u0662\u0663", "\u00e9", "Gr\u00fc\u00dfe",
]  # fmt: skip


@pytest.mark.parametrize("letter", UNSEEN, ids=ascii)
def test_what_nobody_sees_goes(letter: str) -> None:
    assert without_unseen(f"{letter}Odile{letter} Fen{letter}wick{letter}") == "Odile Fenwick"


@pytest.mark.parametrize("word", WORDS, ids=ascii)
def test_what_shapes_a_word_or_a_picture_stays(word: str) -> None:
    assert without_unseen(f"{word} {word}") == f"{word} {word}"


def test_a_blank_sign_is_a_blank() -> None:
    assert without_unseen("a\u2800b") == "a b"


@given(st.text(alphabet=st.one_of(st.sampled_from("".join(UNSEEN + WORDS)), st.characters()), max_size=30))
def test_whatever_is_left_stays_and_no_bidi_control_does(text: str) -> None:
    left = without_unseen(text)

    assert without_unseen(left) == left
    assert not [
        c
        for c in left
        if unicodedata.bidirectional(c) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    ]
