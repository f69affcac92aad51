"""When people work: slots of the wall clock on each weekday, days off, and the time between two moments that counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

type Slot = tuple[int, int]  # minutes after midnight, by the wall clock; 24:00 is 1440
type Span = tuple[datetime, datetime]  # two moments in UTC, the second after the first

HORIZON = 400  # days: nothing is counted further than over a year of days off
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """`week`: the slots of seven days, Monday first, in order and apart; `off`: days without work and their names.

    Where the clock is put back, a slot lasts from the first time it shows the beginning to the last time it shows the
    end; where it is put forward, from the moment it jumps over the beginning.
    """

    zone: ZoneInfo
    week: tuple[tuple[Slot, ...], ...]
    off: Mapping[date, str] = field(default_factory=dict)

    def day_of(self, at: datetime) -> date:
        """The day that people there call today at this moment."""
        return at.astimezone(self.zone).date()

    def spans(self, day: date) -> list[Span]:
        """When they work on that day; none on a day off."""
        if day in self.off:
            return []
        found: list[Span] = []
        for start, end in self.week[day.weekday()]:
            begins, ends = self._moment(day, start, fold=0), self._moment(day, end, fold=1)
            if found:
                begins = max(begins, found[-1][1])
            if begins < ends:
                found.append((begins, ends))
        return found

    def open_from(self, at: datetime) -> Iterator[Span]:
        """Each span of work that is not over at `at`, the first cut to begin then; for a year and a little."""
        today = self.day_of(at)
        for ahead in range(HORIZON):
            for begins, ends in self.spans(today + timedelta(days=ahead)):
                if ends > at:
                    yield max(begins, at), ends

    def opens(self, at: datetime) -> datetime | None:
        """`at` itself when they work then, else when they begin again; None if never."""
        return next((begins for begins, _ in self.open_from(at)), None)

    def add(self, at: datetime, working: timedelta) -> datetime | None:
        """The moment when `working` time has gone by since `at`; None when there is not so much ahead."""
        for begins, ends in self.open_from(at):
            if working <= ends - begins:
                return begins + working
            working -= ends - begins
        return None

    def between(self, begin: datetime, end: datetime) -> timedelta:
        """The working time from `begin` to `end`; zero when `end` is not later."""
        total = timedelta()
        for begins, ends in self.open_from(begin):
            if begins >= end:
                break
            total += min(ends, end) - begins
        return total

    def next_working_day(self, day: date) -> date | None:
        """The first day after `day` on which anybody works."""
        days = (day + timedelta(days=ahead) for ahead in range(1, HORIZON))
        return next((one for one in days if self.spans(one)), None)

    def at_wall_time(self, day: date, minute: int) -> datetime:
        """The moment when the clock there shows this minute of that day."""
        return self._moment(day, minute, fold=0)

    def _moment(self, day: date, minute: int, *, fold: int) -> datetime:
        if minute == 24 * 60:  # midnight belongs to the next day, also where it comes twice
            day, minute, fold = day + timedelta(days=1), 0, 0
        wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60, fold=fold, tzinfo=self.zone)
        moment = wall.astimezone(UTC)
        if moment.astimezone(self.zone).replace(tzinfo=None, fold=0) == wall.replace(tzinfo=None, fold=0):
            return moment
        return self._jump(wall)

    def _jump(self, wall: datetime) -> datetime:
        """The moment when the clock is put forward over this wall time (PEP 495 calls it a gap)."""
        ends = wall.replace(fold=0).astimezone(UTC)
        before = wall.replace(fold=0).utcoffset()
        while (ends - MINUTE).astimezone(self.zone).utcoffset() != before:
            ends -= MINUTE
        return ends
