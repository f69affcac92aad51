"""A moment as a page writes it: its time, with the whole behind it, made once for each minute and language."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from makegood.clock.now import now

_FRACTIONS = {0: "", 0.25: "¼", 0.5: "½", 0.75: "¾"}


class Moment(NamedTuple):
    """A moment in the viewer's language and zone. `short` is no longer than is needed: the time today, else the day."""

    short: str
    time: str
    day: str  # the weekday within six days, else day and month, with the year where it is another
    whole: str
    exact: str  # for `datetime`, in UTC, to the minute


class Viewer(NamedTuple):
    """Whom moments are written for; a list asks once for all its rows."""

    today: date
    language: str
    zone: str

    @classmethod
    def now(cls) -> Viewer:
        """Who looks at this page."""
        return cls(timezone.localdate(now()), get_language() or "en", timezone.get_current_timezone_name())


def moment_of(at: datetime, viewer: Viewer | None = None) -> Moment:
    """Made once for each minute, since a list has many rows of one."""
    return _moment(at.replace(second=0, microsecond=0), *(viewer or Viewer.now()))


@lru_cache(maxsize=4096)
def _moment(minute: datetime, today: date, language: str, zone: str) -> Moment:
    local = timezone.localtime(minute)
    time, far = formats.date_format(local, "TIME_FORMAT"), abs((local.date() - today).days)
    style = "D" if far < 7 else "MONTH_DAY_FORMAT" if local.year == today.year else "SHORT_DATE_FORMAT"
    day = formats.date_format(local, style)
    whole = formats.date_format(local, "DATETIME_FORMAT")
    return Moment(time if not far else day, time, day, whole, minute.isoformat(timespec="minutes"))


def distance(at: datetime, seen: datetime, kind: str, language: str) -> str:
    """How far a moment is from `seen`: "in 38 min", "1¾ h late" (`kind` "due") or "2½ h ago" ("past").

    What is more than eight hours ahead has no words: its day is told. The page's ticker says the same (`ticker.js`).
    """
    return _distance(round((at - seen).total_seconds() / 60), kind, language)


@lru_cache(maxsize=4096)
def _distance(minutes: int, kind: str, language: str) -> str:
    if minutes >= 480:
        return ""
    if minutes == 0:
        return _("now")
    sentence = _("in %s") if minutes > 0 else _("%s late") if kind == "due" else _("%s ago")
    return sentence % _span(abs(minutes))


def _span(minutes: int) -> str:
    if minutes < 60:
        return _("%s min") % minutes
    if minutes >= 24 * 60:
        days = minutes // (24 * 60)
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    step = 0.25 if minutes < 120 else 0.5 if minutes < 480 else 1
    hours = round(minutes / 60 / step) * step
    return _("%s h") % f"{int(hours)}{_FRACTIONS[hours % 1]}"


def time_of_day(at: datetime) -> SafeString:
    """`<time>` with the time of day, in the viewer's language and zone; `datetime` is exact to the minute."""
    minute = at.replace(second=0, microsecond=0)
    return _written(minute, get_language() or "en", timezone.get_current_timezone_name())


@lru_cache(maxsize=4096)
def _written(minute: datetime, language: str, zone: str) -> SafeString:
    local, exact = timezone.localtime(minute), minute.isoformat(timespec="minutes")
    whole, time = formats.date_format(local, "DATETIME_FORMAT"), formats.date_format(local, "TIME_FORMAT")
    return format_html('<time datetime="{}" title="{}">{}</time>', exact, whole, time)


def day_in_words(day: date) -> str:
    """The day where a new one begins: today and yesterday by those words, and the year only where it is another."""
    today = timezone.localdate(now())
    written = formats.date_format(day, _("l, j F") if day.year == today.year else _("l, j F Y"))
    if day == today:
        return _("Today, %(day)s") % {"day": written}
    if day == today - timedelta(days=1):
        return _("Yesterday, %(day)s") % {"day": written}
    return written
