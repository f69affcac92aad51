"""Working hours, compared with counting every minute; around changes of the clock, year ends and days off."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from makegood.clock.hours import Hours

ZONES = ["Europe/Berlin", "America/New_York", "Atlantic/Azores", "Australia/Lord_Howe", "Asia/Beirut",
         "America/Santiago", "Asia/Kathmandu", "Pacific/Apia", "UTC"]  # fmt: skip
# Days on which clocks change there, year ends, a leap day, and the day that Samoa left out.
DAYS = [date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1), date(2026, 4, 5), date(2026, 10, 4),
        date(2026, 9, 6), date(2026, 12, 31), date(2027, 1, 1), date(2028, 2, 29), date(2011, 12, 30)]  # fmt: skip
BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_FIVE = ((540, 1020),)
OFFICE = Hours(BERLIN, (*([NINE_TO_FIVE] * 5), (), ()))


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@st.composite
def slots(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    edges = sorted(draw(st.sets(st.integers(0, 1440), min_size=0, max_size=6)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    return tuple(pairs)


@st.composite
def hours(draw: st.DrawFn) -> tuple[Hours, datetime]:
    """Hours and a moment near a day where something is special."""
    zone, day = ZoneInfo(draw(st.sampled_from(ZONES))), draw(st.sampled_from(DAYS))
    week = tuple(draw(slots()) for _ in range(7))
    off = draw(st.sets(st.integers(-2, 4), max_size=3))
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=draw(st.integers(-1500, 1500)))
    return Hours(zone, week, {day + timedelta(days=number): "off" for number in off}), begin


@lru_cache(maxsize=512)
def minutes_of(zone: ZoneInfo, day: date) -> list[tuple[datetime, int]]:
    """Every minute which that day has there, and what the clock shows."""
    first = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=16)
    found = []
    for number in range(56 * 60):
        moment = first + timedelta(minutes=number)
        local = moment.astimezone(zone)
        if local.date() == day:
            found.append((moment, local.hour * 60 + local.minute))
    return found


def working_minutes(given_hours: Hours, day: date) -> set[datetime]:
    """By counting: from the first time the clock shows the beginning to the last time it shows the end."""
    if day in given_hours.off:
        return set()
    minutes, found = minutes_of(given_hours.zone, day), set[datetime]()
    for start, end in given_hours.week[day.weekday()]:
        begun = [number for number, (_, shown) in enumerate(minutes) if shown >= start]
        not_over = [number for number, (_, shown) in enumerate(minutes) if shown < end]
        if begun and not_over:
            found |= {moment for moment, _ in minutes[begun[0] : not_over[-1] + 1]}
    return found


@given(hours())
@settings(max_examples=150, deadline=None)
def test_the_spans_of_a_day_are_the_minutes_that_the_clock_there_shows(drawn: tuple[Hours, datetime]) -> None:
    given_hours, at = drawn
    for ahead in range(-1, 3):
        day = given_hours.day_of(at) + timedelta(days=ahead)
        spans = given_hours.spans(day)
        counted = {b + timedelta(minutes=n) for b, e in spans for n in range(int((e - b) / timedelta(minutes=1)))}
        assert counted == working_minutes(given_hours, day)
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))


@given(hours(), st.integers(0, 6000), st.integers(0, 3000))
@settings(max_examples=200, deadline=None)
def test_what_was_added_is_what_lies_between(drawn: tuple[Hours, datetime], minutes: int, more: int) -> None:
    given_hours, at = drawn
    working = timedelta(minutes=minutes)
    due = given_hours.add(at, working)
    assume(due is not None)
    assert due is not None
    assert due >= at
    assert given_hours.between(at, due) == working
    later = given_hours.add(at, working + timedelta(minutes=more))
    assert later is None or later >= due


@given(hours(), st.integers(0, 5000))
@settings(max_examples=150, deadline=None)
def test_who_asks_later_is_never_due_earlier(drawn: tuple[Hours, datetime], wait: int) -> None:
    given_hours, at = drawn
    working = timedelta(hours=3)
    first, second = given_hours.add(at, working), given_hours.add(at + timedelta(minutes=wait), working)
    assert first is None or second is None or first <= second


@given(hours())
@settings(max_examples=150, deadline=None)
@example((Hours(BERLIN, ((),) * 7), berlin("2026-11-19T10:00")))
def test_it_opens_at_the_first_working_minute(drawn: tuple[Hours, datetime]) -> None:
    given_hours, at = drawn
    opens = given_hours.opens(at)
    assert (opens is None) == (not any(given_hours.week))
    if opens is not None:
        assert opens in working_minutes(given_hours, given_hours.day_of(opens))
        assert given_hours.between(at, opens) == timedelta()


def test_a_night_shift_gets_an_hour_more_when_clocks_go_back_and_one_less_when_they_go_forward() -> None:
    night = Hours(BERLIN, (((60, 240),),) * 7)
    length = {day: night.spans(day)[0][1] - night.spans(day)[0][0] for day in DAYS[:2]}
    assert length == {date(2026, 3, 29): timedelta(hours=2), date(2026, 10, 25): timedelta(hours=4)}


def test_a_slot_that_the_clock_jumps_over_is_none() -> None:
    assert Hours(BERLIN, (((130, 170),),) * 7).spans(date(2026, 3, 29)) == []


def test_a_break_at_noon_a_weekend_and_a_holiday_do_not_count() -> None:
    week = (*([((540, 720), (780, 1020))] * 5), (), ())
    shop = Hours(BERLIN, week, {date(2026, 12, 25): "Christmas"})
    assert shop.add(berlin("2026-12-24T11:00"), timedelta(hours=7)) == berlin("2026-12-28T11:00")


def test_a_year_ends_in_the_middle_of_counting() -> None:
    shop = Hours(BERLIN, OFFICE.week, {date(2027, 1, 1): "New Year"})
    assert shop.add(berlin("2026-12-31T16:00"), timedelta(hours=2)) == berlin("2027-01-04T10:00")


@pytest.mark.parametrize(
    ("at", "opens"),
    [("2026-11-19T08:00", "2026-11-19T09:00"), ("2026-11-19T12:34", "2026-11-19T12:34"),
     ("2026-11-19T17:00", "2026-11-20T09:00"), ("2026-11-20T17:30", "2026-11-23T09:00")],
)  # fmt: skip
def test_it_opens_now_or_next_morning_or_after_the_weekend(at: str, opens: str) -> None:
    assert OFFICE.opens(berlin(at)) == berlin(opens)


def test_between_backwards_is_nothing() -> None:
    assert OFFICE.between(berlin("2026-11-19T12:00"), berlin("2026-11-19T10:00")) == timedelta()


def test_the_next_working_day_is_not_one_off() -> None:
    shop = Hours(BERLIN, OFFICE.week, {date(2026, 11, 23): "Stocktaking"})
    assert shop.next_working_day(date(2026, 11, 20)) == date(2026, 11, 24)
