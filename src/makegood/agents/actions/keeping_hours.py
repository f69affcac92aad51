"""When the house works, or a team with hours of its own: the week, public holidays, and days of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from makegood.agents.events import DaysOffAdded, DaysOffChanged, DaysOffRemoved, HoursChanged
from makegood.agents.models import Agent, DaysOff, House, Team, WorkingHours
from makegood.clock.hours import Slot
from makegood.clock.now import now
from makegood.eventlog.events import SYSTEM
from makegood.eventlog.recording import action, record


@action
def set_hours(
    team: Team | None,
    *,
    timezone: str,
    week: Sequence[Sequence[Slot]],
    country: str,
    region: str,
    language: str,
    holidays: Mapping[date, str],
    hands_to: Team | None = None,
    by: Agent,
) -> WorkingHours:
    """`holidays`: those of the country and region in that language; see `clock.public_holidays`.

    `hands_to`: who gets what is open at closing time, from the next one on.
    """
    kept = [[list(slot) for slot in day] for day in week]
    asked: dict[str, Any] = {"week": kept, "country": country, "region": region, "language": language}
    asked |= {"hands_to": hands_to, "handed_at": now()}
    hours, _ = WorkingHours.objects.update_or_create(team=team, defaults=asked)
    if team:
        Team.objects.filter(pk=team.pk).update(timezone=timezone)
    else:
        House.objects.update_or_create(pk=House.ONLY, defaults={"timezone": timezone})
    _keep_holidays(hours, holidays)
    record(HoursChanged(team_id=hours.team_id), by=by.actor)
    return hours


@action
def renew_holidays(hours: WorkingHours, holidays: Mapping[date, str]) -> None:
    """A year has gone by, or the calendar of the country has changed."""
    if _keep_holidays(hours, holidays):
        record(HoursChanged(team_id=hours.team_id), by=SYSTEM)


@action
def follow_house(team: Team, *, by: Agent) -> None:
    """The team has no hours of its own any more."""
    if WorkingHours.objects.filter(team=team).delete()[0]:
        record(HoursChanged(team_id=team.pk), by=by.actor)


@action
def close_on(team: Team | None, *, first_on: date, last_on: date, name: str, by: Agent) -> DaysOff:
    """Days on which nobody of them works; a team has hours of its own, else those of the house are closed."""
    hours = WorkingHours.objects.get(team=team) if team else WorkingHours.objects.get_or_create(team=None)[0]
    days_off = DaysOff.objects.create(hours=hours, first_on=first_on, last_on=last_on, name=name)
    record(DaysOffAdded(team_id=hours.team_id), by=by.actor)
    return days_off


@action
def work_on(days_off: DaysOff, *, is_worked: bool, by: Agent) -> None:
    """A public holiday counts as a working day, or as a holiday again."""
    if DaysOff.objects.filter(pk=days_off.pk, is_public=True).exclude(is_worked=is_worked).update(is_worked=is_worked):
        record(DaysOffChanged(team_id=days_off.hours.team_id), by=by.actor)


@action
def open_again(days_off: DaysOff, *, by: Agent) -> None:
    """They work on those days after all. A public holiday stays: see `work_on`."""
    if DaysOff.objects.filter(pk=days_off.pk, is_public=False).delete()[0]:
        record(DaysOffRemoved(team_id=days_off.hours.team_id), by=by.actor)


def _keep_holidays(hours: WorkingHours, holidays: Mapping[date, str]) -> bool:
    """Says whether anything has changed. Past ones stay as they were; on which they work is kept by day."""
    today = now().date()
    ahead = hours.days_off.filter(is_public=True, first_on__gte=today)
    before = dict(ahead.values_list("first_on", "name"))
    wanted = {day: name[:100] for day, name in holidays.items() if day >= today}
    if before == wanted:
        return False
    worked = set(ahead.filter(is_worked=True).values_list("first_on", flat=True))
    ahead.delete()
    DaysOff.objects.bulk_create(
        DaysOff(hours=hours, first_on=day, last_on=day, name=name, is_public=True, is_worked=day in worked)
        for day, name in wanted.items()
    )
    return True
