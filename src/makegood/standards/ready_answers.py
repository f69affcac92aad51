"""Which automatic answer fits a moment and a language, and its words with what is known filled in. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from makegood.clock.hours import HORIZON, Hours

PLACES = ("due", "opens", "holiday", "shop")  # the closed list of what words may name
_PLACE = re.compile(r"\{(\w{1,20})\}")


class Occasion(StrEnum):
    """When it goes out; the more special one before the more general."""

    HOLIDAY = "holiday"  # a day off that has a name
    CLOSED = "closed"  # nobody works at that moment
    RECEIVED = "received"  # always


def occasions_at(at: datetime, hours: Hours) -> list[Occasion]:
    """Those that hold, the most special first."""
    found = [Occasion.HOLIDAY] if hours.day_of(at) in hours.off else []
    if hours.opens(at) != at:
        found.append(Occasion.CLOSED)
    return [*found, Occasion.RECEIVED]


def moment_of(occasion: Occasion, hours: Hours, seen: datetime) -> datetime | None:
    """The next moment at which the occasion holds, for a preview; None for a holiday that nobody knows."""
    if occasion == Occasion.HOLIDAY:
        today = hours.day_of(seen)
        days = sorted(day for day in hours.off if today <= day <= today + timedelta(days=HORIZON))
        return hours.at_wall_time(days[0], 12 * 60) if days else None
    if occasion == Occasion.CLOSED and hours.opens(seen) == seen:
        return next(ends for _begins, ends in hours.open_from(seen)) + timedelta(hours=1)
    return seen


def fitting[Answer](
    answers: Mapping[tuple[str, str], Answer], occasions: Iterable[Occasion], language: str
) -> Answer | None:
    """`answers` by occasion and language; "" is the one for every other language."""
    for occasion in occasions:
        for spoken in (language, ""):
            if found := answers.get((occasion, spoken)):
                return found
    return None


def named_in(words: str) -> set[str]:
    """The places that the words name, also those that do not exist."""
    return set(_PLACE.findall(words))


def filled(words: str, known: Mapping[str, str]) -> str:
    """With what is known in its places; other braces stay as they are written."""
    return _PLACE.sub(lambda place: known.get(place[1], place[0]), words)
