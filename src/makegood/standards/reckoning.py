"""When an answer is due: from the moment the customer wrote, by a target, in working hours; and why just then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from makegood.clock.hours import Hours
from makegood.standards.targets import Kind, Target

# What comes later than this before closing time has until the next day: nobody can count on us in the last minutes.
LEFT_TODAY = timedelta(hours=2)


class Basis(StrEnum):
    """What decided."""

    CLOSING = "closing"  # the end of that business day
    NEXT_DAY = "next_day"  # it came shortly before closing: at worst 24 hours, days without work left out
    WORKING = "working"  # working time
    DAYS = "days"  # the end of a business day after it


@dataclass(frozen=True, slots=True)
class Reckoned:
    """`begins`: when counting began, later than `came` when nobody worked then. `skipped`: days off on the way.

    Moments are in UTC. A day off that has a name is told by it, a weekday on which nobody ever works by "".
    """

    came: datetime
    begins: datetime
    due_at: datetime
    basis: Basis
    skipped: tuple[tuple[date, str], ...] = ()


def reckon(came: datetime, target: Target, hours: Hours) -> Reckoned | None:
    """None when nothing falls due: the target says so, or nobody works for more than a year."""
    begins = hours.opens(came)
    if target.kind == Kind.NONE or begins is None:
        return None
    due_at, basis = _by_closing(came, begins, hours) if target.kind == Kind.CLOSING else _counted(begins, target, hours)
    if due_at is None:
        return None
    return Reckoned(came, begins, due_at, basis, _skipped(came, due_at, hours))


def _counted(begins: datetime, target: Target, hours: Hours) -> tuple[datetime | None, Basis]:
    if target.kind == Kind.WORKING:
        return hours.add(begins, target.working), Basis.WORKING
    return _end_of_day_after(hours.day_of(begins), target.days, hours), Basis.DAYS


def _by_closing(came: datetime, begins: datetime, hours: Hours) -> tuple[datetime, Basis]:
    """The end of the business day on which counting begins, unless that leaves too little time or too much."""
    spans = hours.spans(hours.day_of(begins))
    closing, at_worst = spans[-1][1], _a_day_later(came, hours)
    if at_worst is None or at_worst <= begins:
        return closing, Basis.CLOSING
    has_time = begins == spans[0][0] or hours.between(begins, closing) >= LEFT_TODAY
    if has_time and closing <= at_worst:
        return closing, Basis.CLOSING
    return at_worst, Basis.NEXT_DAY


def _end_of_day_after(day: date, count: int, hours: Hours) -> datetime | None:
    for _ in range(count):
        following = hours.next_working_day(day)
        if following is None:
            return None
        day = following
    return hours.spans(day)[-1][1]


def _a_day_later(came: datetime, hours: Hours) -> datetime | None:
    """The same time on the next business day, or when work ended before that time.

    None when work begins later on that day, and for what came on a day without work: that counts as its next morning.
    """
    local = came.astimezone(hours.zone)
    following = hours.next_working_day(local.date())
    if following is None or not hours.spans(local.date()):
        return None
    same_time = hours.at_wall_time(following, local.hour * 60 + local.minute)
    same_time += timedelta(seconds=local.second, microseconds=local.microsecond)
    begun = [(start, end) for start, end in hours.spans(following) if start <= same_time]
    return min(same_time, begun[-1][1]).astimezone(UTC) if begun else None


def _skipped(came: datetime, due_at: datetime, hours: Hours) -> tuple[tuple[date, str], ...]:
    """Days between on which nobody works, the day itself left out where it came on one at night."""
    day, last = hours.day_of(came), hours.day_of(due_at)
    days = [day + timedelta(days=number) for number in range((last - day).days)]
    return tuple((one, hours.off.get(one, "")) for one in days if not hours.spans(one))
