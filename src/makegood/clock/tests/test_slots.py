"""Working hours as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.clock.hours import Slot
from makegood.clock.slots import Unreadable, read_slots, write_slots


@pytest.mark.parametrize(
    ("written", "slots"),
    [
        ("9-17", ((540, 1020),)),
        ("9:00–12:30, 13.30 – 18", ((540, 750), (810, 1080))),
        ("13-18; 9-12", ((540, 720), (780, 1080))),
        ("9am-5pm", ((540, 1020),)),
        ("12am to 12 pm", ((0, 720),)),
        ("8h30 bis 16h", ((510, 960),)),
        ("0-24", ((0, 1440),)),
        ("9-12,12-15", ((540, 900),)),
        ("", ()),
        (" , ", ()),
    ],
)
def test_what_people_write_is_understood(written: str, slots: tuple[Slot, ...]) -> None:
    assert read_slots(written) == slots


@pytest.mark.parametrize(
    ("written", "part"),
    [("9-12, lunch", "lunch"), ("17-9", "17-9"), ("9-9", "9-9"), ("9-25", "9-25"), ("9:60-10", "9:60-10"),
     ("13pm-14pm", "13pm-14pm"), ("9", "9"), ("24:01-24:02", "24:01-24:02")],
)  # fmt: skip
def test_what_cannot_be_understood_is_named(written: str, part: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_slots(written)
    assert refused.value.part == part


@given(st.sets(st.integers(0, 1440), max_size=8))
def test_what_was_written_is_read_again(edges: set[int]) -> None:
    ordered = sorted(edges)
    slots = tuple(zip(ordered[::2], ordered[1::2], strict=False))
    assert read_slots(write_slots(slots)) == slots
