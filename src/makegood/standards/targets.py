"""How soon we answer: a short word for each choice, as it is kept and as the forms offer it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """By what the time is counted."""

    NONE = "none"  # nothing falls due
    CLOSING = "closing"  # by the end of the business day, at worst 24 hours
    DAYS = "days"  # by the end of so many business days later
    WORKING = "working"  # so much working time


@dataclass(frozen=True, slots=True)
class Target:
    """`days` for DAYS, `working` for WORKING."""

    kind: Kind
    days: int = 0
    working: timedelta = timedelta()


NOTHING = Target(Kind.NONE)
MINUTES = (15, 30)
HOURS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 40)
DAYS = (1, 2, 3, 5, 10)
DEFAULT = "closing"
KNOWN: dict[str, Target] = {
    **{f"{count}m": Target(Kind.WORKING, working=timedelta(minutes=count)) for count in MINUTES},
    **{f"{count}h": Target(Kind.WORKING, working=timedelta(hours=count)) for count in HOURS},
    "closing": Target(Kind.CLOSING),
    **{f"{count}d": Target(Kind.DAYS, days=count) for count in DAYS},
    "none": NOTHING,
}
