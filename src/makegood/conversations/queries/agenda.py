"""The rows of a list as a day planner: what is late, the line of now, and what comes, day by day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from makegood.clock.now import now
from makegood.conversations.models import Conversation
from makegood.conversations.queries.orders import DUE, WAITING
from makegood.conversations.queries.shelves import Shelf
from makegood.conversations.queries.together import Ring
from makegood.web.dials import dial
from makegood.web.moments import Moment, Viewer, distance, moment_of
from makegood.web.people import hue_of, initials

NOBODY_WAITS = {"closed", "spam", "held"}  # on these shelves


@dataclass(frozen=True, slots=True)
class Row:
    """What the template shows of one conversation; nothing is computed there, and what repeats is drawn once.

    `column` is the left one: the time, and how far that is. `last`: of the newest message, where the column tells
    another. `owed`: what falls due, with its dial. `state` is that of a promise chip: "std", "late", or "" for nothing.
    """

    id: int
    who: str
    subject: str
    line: str
    column: SafeString
    last: SafeString | str
    state: str
    owed: SafeString | str
    face: SafeString | str
    is_waiting: bool
    is_trouble: bool
    ring: Ring | None = None  # of whoever is there at this moment


@dataclass(slots=True)
class Group:
    """Rows under a heading. `count` is known where the group begins and ends on this page; `now` is the line's time."""

    title: str = ""
    state: str = ""
    count: int | None = None
    now: Moment | None = None
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DueTime:
    """What the page of a conversation tells of its due time; `state` as in `Row`."""

    state: str
    owed: str
    at: Moment
    when: str
    distance: str


def due_time_of(conversation: Conversation) -> DueTime | None:
    """None when nothing is due."""
    due_at, moment_now = conversation.standard_due_at, now()
    if due_at is None or not conversation.standard:
        return None
    at = moment_of(due_at)
    is_today = timezone.localtime(due_at).date() == timezone.localdate(moment_now)
    when = at.time if is_today else f"{at.day} {at.time}"
    state = "late" if due_at < moment_now else "std"
    return DueTime(
        state, _word(conversation.standard), at, when, distance(due_at, moment_now, "due", get_language() or "en")
    )


class Agenda:
    """Rows of one page; `begins_at`: where in time a later page goes on."""

    def __init__(self, shelf: Shelf, order: str, addresses: Mapping[int, str], begins_at: datetime | None) -> None:
        self._may_wait, self._order, self._addresses = shelf.name not in NOBODY_WAITS, order, addresses
        self._now, self._begins_at = now(), begins_at
        self._viewer = Viewer.now()
        self._late, self._nothing_due = _("Late"), _("Nothing due")

    def groups(self, marked: Iterable[tuple[str, Mapping[str, Any]]], *, is_end: bool) -> list[Group]:
        """One group without a heading where the order is not by what is due."""
        rows = [(self._place(mark, values), self._row(values)) for mark, values in marked]
        if self._order != DUE:
            return [Group(rows=[row for _place, row in rows])] if rows else []
        places = groupby(rows, lambda pair: pair[0])
        found = [Group(title, state, rows=[row for _place, row in some]) for (title, state), some in places]
        for number, group in enumerate(found):
            is_whole = (number > 0 or self._begins_at is None) and (number < len(found) - 1 or is_end)
            group.count = len(group.rows) if is_whole and group.title else None
        self._draw_now(found)
        return found

    def _draw_now(self, groups: list[Group]) -> None:
        """Once, before the first that is not late; not where an earlier page has shown it."""
        is_past = self._begins_at is not None and self._begins_at > self._now
        first = next((group for group in groups if group.state != "late"), None)
        if first and not is_past and first.title != self._nothing_due:
            first.now = moment_of(self._now)

    def _place(self, mark: str, values: Mapping[str, Any]) -> tuple[str, str]:
        """Title and state of the group."""
        due_at = values["next_due_at"]
        if due_at is None:
            return self._nothing_due, ""
        if due_at < self._now:
            return self._late, "late"
        return _title_of(timezone.localtime(due_at).date(), self._viewer.today, self._viewer.language), ""

    def _row(self, values: Mapping[str, Any]) -> Row:
        waiting = values["waiting_since"] if self._may_wait else None
        state, owner = self._state(values), values["assignee__name"]
        when, at, words, tick = self._times(values, waiting)
        return Row(
            id=values["pk"],
            who=values["contact__name"] or self._addresses.get(values["contact_id"], ""),
            subject=values["subject"],
            line=values["last_line"],
            column=_column(when, at, words, tick),
            last=_last(moment_of(values["last_at"], self._viewer)) if tick else "",
            state=state,
            owed=_owed(state, values["standard"], self._viewer.language) if state else "",
            face=_face(owner, values["assignee_id"]) if owner else "",
            is_waiting=waiting is not None,
            is_trouble=values["is_trouble"],
        )

    def _state(self, values: Mapping[str, Any]) -> str:
        due_at = values["next_due_at"]
        if due_at is None or not self._may_wait:
            return ""
        return "late" if due_at < self._now else "std"

    def _times(self, values: Mapping[str, Any], waiting: datetime | None) -> tuple[str, Moment, str, str]:
        """The left column: the time by which the list is ordered, how far that is, and how it ticks."""
        due_at = values["next_due_at"]
        if self._order == DUE and due_at is not None:
            return *self._due(due_at), "due"
        if self._order == WAITING and waiting is not None:
            moment = moment_of(waiting, self._viewer)
            return moment.short, moment, distance(waiting, self._now, "past", self._viewer.language), "past"
        # Of what is put off, when it comes back is what one wants to know.
        moment = moment_of(values["snoozed_until"] or values["last_at"], self._viewer)
        return moment.short, moment, "", ""

    def _due(self, due_at: datetime) -> tuple[str, Moment, str]:
        moment = moment_of(due_at, self._viewer)
        words = distance(due_at, self._now, "due", self._viewer.language)
        day = timezone.localtime(due_at).date()
        if day == self._viewer.today or (due_at > self._now and day == self._viewer.today + timedelta(days=1)):
            return moment.time, moment, words
        return moment.day, moment, words or moment.time


@lru_cache(maxsize=4096)
def _column(when: str, at: Moment, words: str, tick: str) -> SafeString:
    time = format_html('<b><time datetime="{}" title="{}">{}</time></b>', at.exact, at.whole, when)
    if not words:
        return time
    ticking = format_html(' data-tick="{}"', tick) if tick else ""
    return format_html('{}<span><time datetime="{}"{}>{}</time></span>', time, at.exact, ticking, words)


@lru_cache(maxsize=4096)
def _last(at: Moment) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', at.exact, at.whole, at.short)


@lru_cache(maxsize=256)
def _owed(state: str, standard: str, language: str) -> SafeString:
    return format_html('{}<span class="owed">{}</span>', dial(state), _word(standard))


@lru_cache(maxsize=1024)
def _face(name: str, identity: int) -> SafeString:
    shape = '<span class="av team s hue-{0}" role="img" aria-label="{1}" title="{1}">{2}</span>'
    return format_html(shape, hue_of(identity), name, initials(name))


def _word(standard: str) -> str:
    return _("First reply") if standard == Conversation.FIRST else _("Next reply")


@lru_cache(maxsize=512)
def _title_of(day: date, today: date, language: str) -> str:
    """Of a group of days to come; what is left of today has none, since the line of now stands above it."""
    monday = today + timedelta(days=7 - today.weekday())
    if day <= today:
        return ""
    if day == today + timedelta(days=1):
        return _("Tomorrow, %(day)s") % {"day": formats.date_format(day, "l j")}
    if day < monday:
        return _("Next days")
    return _("Next week") if day < monday + timedelta(days=7) else _("Later")
