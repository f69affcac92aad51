"""Addresses as people type and paste them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.conversations.addressing import ADDRESS, addresses, kept, read_typed, typed
from makegood.conversations.envelope import Address


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("odile@fenwick.example", [Address("", "odile@fenwick.example")]),
        ('"Fenwick, Odile" <odile@fenwick.example>', [Address("Fenwick, Odile", "odile@fenwick.example")]),
        ("Odile <o@f.example>; k@l.example\nIone <i@t.example>,", [
            Address("Odile", "o@f.example"), Address("", "k@l.example"), Address("Ione", "i@t.example"),
        ]),
        ("o@f.example, o@f.example", [Address("", "o@f.example")]),
        ("", []),
    ],
)  # fmt: skip
def test_what_people_type(text: str, found: list[Address]) -> None:
    assert read_typed(text) == (found, [])


@pytest.mark.parametrize(
    "text", ["odile", "a@b", "a b@c.example", "@c.example", "ü@c.example", "<script>@x.example<", "a@b..c"]
)
def test_what_is_none_is_named(text: str) -> None:
    assert read_typed(f"good@x.example, {text}") == ([Address("", "good@x.example")], [text])


@given(st.text(max_size=200))
def test_whatever_is_typed_only_addresses_are_found(text: str) -> None:
    found, _bad = read_typed(text)

    assert all(ADDRESS.fullmatch(address.email) and "\n" not in address.email for address in found)


@given(
    st.lists(
        st.text(st.characters(exclude_characters='"<>\n,;', exclude_categories=["Cc", "Zs", "Cs"]), max_size=20),
        max_size=4,
    )
)
def test_typed_addresses_are_read_as_they_were(names: list[str]) -> None:
    people = [Address(name.strip(), f"p{number}@x.example") for number, name in enumerate(names)]

    assert read_typed(typed(kept(people))) == (people, [])
    assert addresses(kept(people)) == people


def test_only_a_name_that_would_fall_apart_stands_in_quotation_marks() -> None:
    pairs = [["Odile Fenwick", "odile@fenwick.example"], ["Fenwick, Odile", "odile@fenwick.example"]]

    assert typed(pairs) == 'Odile Fenwick <odile@fenwick.example>, "Fenwick, Odile" <odile@fenwick.example>'
