"""Thirty kills while mail comes in and replies leave; many more: `python -m tests.journeys.killing --kills 1000`."""

from __future__ import annotations

import pytest

from tests.journeys.killing import attack


@pytest.mark.server
@pytest.mark.timeout(600)
def test_thirty_kills_lose_nothing_and_double_nothing() -> None:
    report = attack(kills=30)

    assert [report[name] for name in ("lost", "damaged", "doubled", "sent_twice", "unsent")] == [[], [], [], [], []]
    assert report["kills"] == 30
    assert report["slowest_start_s"] <= 5
