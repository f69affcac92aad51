"""Working hours of one day as people write them: "9-12, 13:30-18"."""

from __future__ import annotations

import re

from makegood.clock.hours import Slot

_END = r"(\d{1,2})(?:[:.h](\d{2})?)?\s?(am|pm)?"
_SLOT = re.compile(rf"\s*{_END}\s?(?:-|–|—|to|bis)\s?{_END}\s*", re.IGNORECASE)
LONGEST = 100


class Unreadable(ValueError):
    """No time of day, or an end that is not after its beginning; `part` is what was written."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


def read_slots(written: str) -> tuple[Slot, ...]:
    """The slots in order, those that touch joined; nothing written is a day without work. Raises `Unreadable`."""
    slots = sorted(_slot(part) for part in re.split(r"[,;\n]", written[:LONGEST]) if part.strip())
    joined: list[Slot] = []
    for start, end in slots:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def write_slots(slots: tuple[Slot, ...]) -> str:
    """As `read_slots` reads them."""
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in slots)


def _slot(part: str) -> Slot:
    found = _SLOT.fullmatch(part)
    if not found:
        raise Unreadable(part.strip())
    start, end = _minute(*found.groups()[:3]), _minute(*found.groups()[3:])
    if start is None or end is None or start >= end:
        raise Unreadable(part.strip())
    return start, end


def _minute(hour: str, minute: str | None, half: str | None) -> int | None:
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    total = hours * 60 + minutes
    return total if minutes < 60 and total <= 24 * 60 else None


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"
