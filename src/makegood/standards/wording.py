"""Targets and due times in words."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.standards.reckoning import Basis, Reckoned
from makegood.standards.targets import DAYS, HOURS, KNOWN, MINUTES, Kind, Target

MOST_NAMED = 4


def words_of(target: Target) -> str:
    """As in "We answer …"."""
    if target.kind == Kind.CLOSING:
        return _("by the end of the business day, at worst 24 hours")
    if target.kind == Kind.DAYS and target.days == 1:
        return _("by the end of the next business day")
    if target.kind == Kind.DAYS:
        return _("within %(count)d business days") % {"count": target.days}
    if target.kind == Kind.NONE:
        return _("without a time of our own")
    minutes = int(target.working.total_seconds() // 60)
    if minutes < 60:
        return _("within %(count)d working minutes") % {"count": minutes}
    return ngettext("within %(count)d working hour", "within %(count)d working hours", minutes // 60) % {
        "count": minutes // 60
    }


def choices() -> list[tuple[str, str]]:
    """For a form: the default first, then from soon to late."""
    order = ["closing", *(f"{n}m" for n in MINUTES), *(f"{n}h" for n in HOURS), *(f"{n}d" for n in DAYS), "none"]
    return [(word, words_of(KNOWN[word])) for word in order]


def sentence_of(reckoned: Reckoned, target: Target, zone: tzinfo) -> str:
    """How the due time came about, by the clock of those who answer."""
    came, begins, due_at = (at.astimezone(zone) for at in (reckoned.came, reckoned.begins, reckoned.due_at))
    parts = [_("They wrote on %(when)s.") % {"when": _when(came)}]
    if reckoned.begins != reckoned.came:
        parts.append(_("Nobody worked then, so the time counts from %(when)s.") % {"when": _when(begins)})
    parts.append(_basis(reckoned.basis, target) % {"when": _when(due_at)})
    if reckoned.skipped:
        parts.append(_("Days without work are left out: %(days)s.") % {"days": _days(reckoned.skipped)})
    return " ".join(parts)


def _basis(basis: Basis, target: Target) -> str:
    if basis == Basis.CLOSING:
        return _("We answer by the end of that business day: %(when)s.")
    if basis == Basis.NEXT_DAY:
        return _("Too little of that business day was left, so 24 hours hold: %(when)s.")
    said = words_of(target)
    return _("We answer %(said)s: %(when)s.") % {"said": said.replace("%", "%%"), "when": "%(when)s"}


def _days(skipped: tuple[tuple[date, str], ...]) -> str:
    told = [f"{_day(day)} ({name})" if name else _day(day) for day, name in skipped[:MOST_NAMED]]
    rest = len(skipped) - MOST_NAMED
    if rest > 0:
        told.append(ngettext("%(count)d more", "%(count)d more", rest) % {"count": rest})
    return ", ".join(told)


def _when(local: datetime) -> str:
    return f"{_day(local.date())} {formats.date_format(local, 'TIME_FORMAT')}"


def _day(day: date) -> str:
    return formats.date_format(day, _("D j M"))
