"""When an answer is due, by each kind of target."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.clock.hours import Hours
from makegood.standards.reckoning import Basis, reckon
from makegood.standards.targets import KNOWN

LISBON = ZoneInfo("Europe/Lisbon")
WEEK = (*([((540, 720), (780, 1080))] * 5), ((600, 780),), ())  # nine to six with a break, Saturday ten to one
SHOP = Hours(LISBON, WEEK, {date(2026, 12, 8): "Conceição", date(2026, 12, 25): "Natal", date(2027, 1, 1): "Ano Novo"})


def lisbon(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LISBON).astimezone(UTC)


@pytest.mark.parametrize(
    ("came", "target", "due", "basis"),
    [
        # By the end of the business day…
        ("2026-11-19T14:10", "closing", "2026-11-19T18:00", Basis.CLOSING),  # a Thursday
        ("2026-11-19T16:00", "closing", "2026-11-19T18:00", Basis.CLOSING),  # just two hours left
        ("2026-11-19T20:00", "closing", "2026-11-20T18:00", Basis.CLOSING),  # closed: the next business day
        ("2026-11-19T05:00", "closing", "2026-11-19T18:00", Basis.CLOSING),
        ("2026-11-21T05:00", "closing", "2026-11-21T13:00", Basis.CLOSING),  # a short day, but all of it
        ("2026-11-22T11:00", "closing", "2026-11-23T18:00", Basis.CLOSING),  # a Sunday
        # … at worst 24 hours; days without work do not count.
        ("2026-11-19T16:01", "closing", "2026-11-20T16:01", Basis.NEXT_DAY),
        ("2026-11-20T17:30", "closing", "2026-11-21T13:00", Basis.NEXT_DAY),  # on Saturday work ends before that
        ("2026-11-21T12:00", "closing", "2026-11-23T12:00", Basis.NEXT_DAY),
        ("2026-12-07T17:00", "closing", "2026-12-09T17:00", Basis.NEXT_DAY),
        ("2026-11-21T13:30", "closing", "2026-11-23T13:30", Basis.NEXT_DAY),  # after work on a short day
        ("2026-11-20T12:30", "closing", "2026-11-20T18:00", Basis.CLOSING),  # in the break
        # Working time.
        ("2026-11-19T11:30", "2h", "2026-11-19T14:30", Basis.WORKING),
        ("2026-11-19T17:30", "1h", "2026-11-20T09:30", Basis.WORKING),
        ("2026-11-21T12:45", "30m", "2026-11-23T09:15", Basis.WORKING),
        ("2026-12-24T17:00", "8h", "2026-12-28T14:00", Basis.WORKING),  # Saturday 26 gives three hours
        # Business days.
        ("2026-11-19T11:30", "1d", "2026-11-20T18:00", Basis.DAYS),
        ("2026-11-19T20:00", "1d", "2026-11-21T13:00", Basis.DAYS),
        ("2026-12-31T10:00", "2d", "2027-01-04T18:00", Basis.DAYS),
    ],
)
def test_due(came: str, target: str, due: str, basis: Basis) -> None:
    reckoned = reckon(lisbon(came), KNOWN[target], SHOP)
    assert reckoned is not None
    assert (reckoned.due_at, reckoned.basis) == (lisbon(due), basis)


def test_nothing_falls_due_without_a_target_or_without_work() -> None:
    nobody = Hours(LISBON, ((),) * 7)
    at = lisbon("2026-11-19T14:10")
    assert [reckon(at, KNOWN["none"], SHOP), *(reckon(at, target, nobody) for target in KNOWN.values())] == [None] * (
        len(KNOWN) + 1
    )


def test_where_the_next_day_begins_later_the_answer_is_due_today() -> None:
    evenings = Hours(LISBON, (((540, 720),), ((1080, 1200),), (), (), (), (), ()))
    reckoned = reckon(lisbon("2026-11-23T11:00"), KNOWN["closing"], evenings)
    assert reckoned is not None
    assert reckoned.due_at == lisbon("2026-11-23T12:00")


def test_it_is_told_which_days_were_left_out_and_when_counting_began() -> None:
    reckoned = reckon(lisbon("2026-12-24T19:00"), KNOWN["8h"], SHOP)
    assert reckoned is not None
    assert (reckoned.begins, reckoned.skipped) == (
        lisbon("2026-12-26T10:00"), ((date(2026, 12, 25), "Natal"), (date(2026, 12, 27), "")),
    )  # fmt: skip


MOMENTS = st.integers(0, 500 * 24 * 60).map(lambda minute: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute))


@given(MOMENTS, st.sampled_from(sorted(KNOWN)))
@settings(max_examples=300, deadline=None)
def test_an_answer_is_due_in_working_hours_after_the_letter_came(came: datetime, target: str) -> None:
    reckoned = reckon(came, KNOWN[target], SHOP)
    if target == "none":
        assert reckoned is None
        return
    assert reckoned is not None
    assert came <= reckoned.begins < reckoned.due_at
    spans = SHOP.spans(SHOP.day_of(reckoned.due_at))
    assert any(start <= reckoned.due_at <= end for start, end in spans)


@given(MOMENTS)
@settings(max_examples=300, deadline=None)
def test_at_worst_24_hours_of_days_on_which_somebody_works(came: datetime) -> None:
    reckoned = reckon(came, KNOWN["closing"], SHOP)
    assert reckoned is not None
    off = [day for day, _ in reckoned.skipped]
    if SHOP.day_of(came) in off:  # that day counts as its next morning
        return
    # Clocks change at most once on the way.
    assert reckoned.due_at - came <= timedelta(days=1 + len(off), hours=1)


@given(MOMENTS, st.integers(1, 3000), st.sampled_from([name for name in KNOWN if name not in ("none", "closing")]))
@settings(max_examples=300, deadline=None)
def test_who_writes_later_is_not_due_earlier(came: datetime, later: int, target: str) -> None:
    first, second = (reckon(at, KNOWN[target], SHOP) for at in (came, came + timedelta(minutes=later)))
    assert first is not None
    assert second is not None
    assert first.due_at <= second.due_at
