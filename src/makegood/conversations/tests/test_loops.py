"""The rules that keep machines from writing to each other, one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from makegood.conversations.envelope import Kind
from makegood.conversations.loops import Alarm, Arrived, Past, Silence, alarm, held_back, unfit

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_persons_first_letter_is_answered() -> None:
    assert (unfit(Arrived("odile@fenwick.example")), held_back(Past(), NOON)) == (None, None)


@pytest.mark.parametrize(
    ("arrived", "silence"),
    [
        ({"sender": ""}, Silence.NOBODY),
        *(({"kind": kind}, Silence.MACHINE) for kind in Kind if kind is not Kind.MESSAGE),
        ({"is_bulk": True}, Silence.BULK), ({"is_ours": True}, Silence.OURS),
        ({"is_history": True}, Silence.HISTORY), ({"is_spam": True}, Silence.SPAM),
    ],
)  # fmt: skip
def test_what_is_never_answered(arrived: dict[str, Any], silence: Silence) -> None:
    assert unfit(Arrived(**{"sender": "odile@fenwick.example", **arrived})) is silence


@pytest.mark.parametrize(
    ("past", "silence"),
    [
        ({"is_first": False}, Silence.NOT_FIRST),
        ({"is_stopped": True}, Silence.STOPPED),
        ({"in_conversation": 4}, None),
        ({"in_conversation": 5}, Silence.OFTEN),
        ({"answered_at": NOON - timedelta(hours=24)}, None),
        ({"answered_at": NOON - timedelta(hours=24) + timedelta(seconds=1)}, Silence.LATELY),
        ({"answered_at": NOON + timedelta(hours=1)}, Silence.LATELY),  # the clock was set back
    ],
)
def test_what_came_before_holds_it_back(past: dict[str, Any], silence: Silence | None) -> None:
    assert held_back(Past(**past), NOON) is silence


@pytest.mark.parametrize(
    ("within_flood", "identical", "because"),
    [(1, 1, None), (20, 2, None), (21, 1, Alarm.FLOOD), (3, 3, Alarm.IDENTICAL), (21, 3, Alarm.FLOOD)],
)
def test_more_than_twenty_or_three_equal_ones_ask_a_person(
    within_flood: int, identical: int, because: Alarm | None
) -> None:
    assert alarm(within_flood=within_flood, identical=identical) is because
