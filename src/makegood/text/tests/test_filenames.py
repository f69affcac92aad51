"""The label of a file that came from outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.text.filenames import MAX_LENGTH, clean
from makegood.text.tests.test_unseen import UNSEEN, WORDS


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("C:\\letters\\invoice.pdf", "invoice.pdf"),
        ("../../etc/passwd", "passwd"),
        ("/", "file"),
        ("..", "file"),
        (".profile", "profile"),
        ("  in voice .pdf ", "in voice .pdf"),
        ("in\r\nvoice\0.pdf", "in voice.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        *[(f"in{letter}voice.pdf", "invoice.pdf") for letter in UNSEEN],
        *[(f"{word}.pdf", f"{word}.pdf") for word in WORDS],
        ("\u3164\u200b", "file"),
        ("Gru\u0308\u00dfe.pdf", "Gr\u00fc\u00dfe.pdf"),
        ("订单.pdf", "订单.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("", "file"),
        ("\ud800", "file"),
    ],
)
def test_a_name_becomes_a_label(name: str, label: str) -> None:
    assert clean(name, "file") == label


def test_the_ending_of_a_long_name_survives() -> None:
    label = clean("x" * 500 + ".pdf", "file")

    assert (len(label), label[-4:]) == (MAX_LENGTH, ".pdf")


@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_name_gives_a_label_that_is_safe(name: str) -> None:
    label = clean(name, "file")

    assert 1 <= len(label) <= MAX_LENGTH
    assert not label.startswith(".")
    assert not set(label) & set("/\\\0\r\n\u202e")
    assert clean(label, "file") == label
