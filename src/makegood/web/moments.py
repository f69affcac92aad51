"""A moment as a page writes it: its time, with the whole behind it, made once for each minute and language."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _


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
    today = timezone.localdate()
    written = formats.date_format(day, _("l, j F") if day.year == today.year else _("l, j F Y"))
    if day == today:
        return _("Today, %(day)s") % {"day": written}
    if day == today - timedelta(days=1):
        return _("Yesterday, %(day)s") % {"day": written}
    return written
