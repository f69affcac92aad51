"""The head of a calendar invitation (RFC 5545) in words, for a message that is nothing but an invitation."""

from __future__ import annotations

import re

_MAX_LENGTH = 64 * 1024
_FOLD = re.compile(r"\n[ \t]")
_LINE = re.compile(r"^(SUMMARY|DTSTART|DTEND|LOCATION|DESCRIPTION|STATUS)((?:;[^:\n]{0,300})?):(.*)$", re.M)
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
_LABELS = {"DTSTART": "From: ", "DTEND": "Until: ", "LOCATION": "Place: ", "STATUS": "Status: "}


def summary(calendar: str) -> str:
    """Title, times, place and description of the first event, one a line; empty when there is none."""
    unfolded = _FOLD.sub("", calendar[:_MAX_LENGTH])
    event = unfolded.partition("BEGIN:VEVENT")[2].partition("END:VEVENT")[0]
    lines = []
    for name, _parameters, value in _LINE.findall(event):
        words = _time(value) if name in ("DTSTART", "DTEND") else _unescaped(value)
        if words:
            lines.append(f"{_LABELS.get(name, '')}{words}")
    return "\n".join(lines)


def _time(value: str) -> str:
    found = _STAMP.match(value)
    if not found:
        return value.strip()
    year, month, day, hour, minute, utc = found.groups()
    clock = f" {hour}:{minute}{' UTC' if utc else ''}" if hour else ""
    return f"{year}-{month}-{day}{clock}"


def _unescaped(value: str) -> str:
    return value.replace("\\n", "\n").replace("\\N", "\n").replace("\\,", ",").replace("\\;", ";").strip()
