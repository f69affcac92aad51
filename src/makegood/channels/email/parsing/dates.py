"""The Date of a message (RFC 5322, section 3.3) as far as it can be believed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from makegood.text.marking import gettext_noop

MAX_LENGTH = 120
_FUTURE = timedelta(days=1)
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?")

UNREADABLE = gettext_noop("The date of this message could not be read; the time of arrival is shown.")
IN_THE_FUTURE = gettext_noop("The date of this message lies in the future; the time of arrival is shown.")


def read(value: bytes, received_at: datetime | None) -> tuple[datetime | None, str]:
    """An aware date and a problem sentence or nothing; `received_at` stands in for a missing or impossible date."""
    sent = _date(value[:MAX_LENGTH].decode("ascii", "replace").strip())
    if sent is None:
        return received_at, UNREADABLE if value else ""
    if received_at is not None and sent > received_at + _FUTURE:
        return received_at, IN_THE_FUTURE
    return sent, ""


def _date(text: str) -> datetime | None:
    iso = _ISO.match(text)
    try:
        if iso:
            return _aware(datetime.fromisoformat(iso.group().replace(" ", "T")))
        fields = parsedate_tz(text)
        if fields is None:
            return None
        offset = timedelta(seconds=fields[9] or 0)
        return datetime(*fields[:6], tzinfo=timezone(offset) if offset else UTC)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
