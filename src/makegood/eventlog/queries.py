"""Reading the log for people: newest first, one page at a time."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.eventlog.models import LoggedEvent

ROWS = 50


@dataclass(frozen=True, slots=True)
class LogPage:
    """Up to 50 rows; `older` is the id to ask for next, None at the end."""

    rows: list[LoggedEvent]
    older: int | None


def log_page(*, before: int | None = None, actor: str = "", name: str = "") -> LogPage:
    """One query: the events with an id below `before`, of one actor ("agent:7") and one name, when these are given."""
    found = LoggedEvent.objects.order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    if actor:
        found = found.filter(actor=actor)
    if name:
        found = found.filter(name=name)
    rows = list(found[: ROWS + 1])
    return LogPage(rows[:ROWS], rows[ROWS - 1].id if len(rows) > ROWS else None)
