"""In which order a list stands: what we owe next, what came last, or who has waited longest.

An order has one or two parts, each an index read from its beginning; where the first is over, the second begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q, QuerySet

from makegood.conversations.models import Conversation

DUE, NEWEST, WAITING = "due", "newest", "waiting"
ORDERS = (DUE, NEWEST, WAITING)


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that `where` holds for, by a time and then by id, both in one direction."""

    mark: str  # of its cursors
    where: Q
    by: str
    falls: bool = False

    def first(self, rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
        """From its beginning."""
        sign = "-" if self.falls else ""
        return rows.filter(self.where).order_by(f"{sign}{self.by}", f"{sign}pk")

    def after(self, rows: QuerySet[Conversation], place: Place) -> QuerySet[Conversation]:
        """What stands behind that row."""
        reaches, is_past = ("lte", "lt") if self.falls else ("gte", "gt")
        behind = Q(**{f"{self.by}__{is_past}": place.at}) | Q(**{f"pk__{is_past}": place.id})
        return self.first(rows).filter(**{f"{self.by}__{reaches}": place.at}).filter(behind)


@dataclass(frozen=True, slots=True)
class Place:
    """The last row of a page."""

    mark: str
    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.mark}{self.at.timestamp():.6f}.{self.id}"

    @classmethod
    def read(cls, cursor: str) -> Place | None:
        """The place behind an address's cursor, if it is one."""
        stamp, _, number = cursor[1:].rpartition(".")
        try:
            return cls(cursor[:1], datetime.fromtimestamp(float(stamp), tz=UTC), int(number))
        except (ValueError, OverflowError, OSError):
            return None


PARTS: dict[str, tuple[Part, ...]] = {
    DUE: (
        Part("d", Q(next_due_at__isnull=False), "next_due_at"),
        Part("o", Q(next_due_at__isnull=True), "last_at"),
    ),
    NEWEST: (Part("n", Q(), "last_at", falls=True),),
    WAITING: (
        Part("w", Q(waiting_since__isnull=False), "waiting_since"),
        Part("a", Q(waiting_since__isnull=True), "last_at", falls=True),
    ),
}


def begin_at(order: str, cursor: str) -> tuple[int, Place | None]:
    """Which part a page begins in, and behind which row; the beginning for a cursor of another order."""
    place = Place.read(cursor)
    marks = [part.mark for part in PARTS[order]]
    if place is None or place.mark not in marks:
        return 0, None
    return marks.index(place.mark), place
