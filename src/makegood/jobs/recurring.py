"""Things done every so often: a function marked with `every` runs when its schedule row falls due, once in all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cronsim import CronSim
from django.db import transaction
from django.tasks import task

from makegood.clock.now import now
from makegood.jobs.backend import enqueue_once
from makegood.jobs.models import Schedule

if TYPE_CHECKING:
    from makegood.jobs.backend import AnyTask


@dataclass(frozen=True, slots=True)
class Recurring:
    """What `every` was told: a length of time, or a cron line (in UTC)."""

    task: AnyTask
    period: timedelta | None
    cron: str

    def after(self, moment: datetime) -> datetime:
        """The next time after `moment`; times missed while we were down are not made up for, one run covers them."""
        if self.period is not None:
            return moment + self.period
        return next(CronSim(self.cron, moment))


RECURRING: dict[str, Recurring] = {}


def every(
    *, seconds: int = 0, minutes: int = 0, hours: int = 0, cron: str = ""
) -> Callable[[Callable[[], None]], AnyTask]:
    """Run the function again and again, as a job. It must be idempotent, as every job."""

    def mark(function: Callable[[], None]) -> AnyTask:
        period = None if cron else timedelta(seconds=seconds, minutes=minutes, hours=hours)
        job: AnyTask = task(function)
        RECURRING[job.module_path] = Recurring(job, period, cron)
        return job

    return mark


def enqueue_due() -> datetime | None:
    """Enqueue everything whose time has come; says when the next one is due. Any number of workers may call it."""
    moment = now()
    known = dict(Schedule.objects.values_list("name", "next_at"))
    for name, recurring in RECURRING.items():
        if name not in known:
            known[name] = moment
            Schedule.objects.get_or_create(name=name, defaults={"next_at": moment})
        due = known[name]
        if due > recurring.after(moment):  # the clock was set back
            due = moment
        if due <= moment:
            known[name] = _enqueue(name, recurring, known[name], moment)
    return min(known.values(), default=None)


def _enqueue(name: str, recurring: Recurring, seen: datetime, moment: datetime) -> datetime:
    following = recurring.after(moment)
    with transaction.atomic():
        # The condition on what we saw lets exactly one worker win.
        if Schedule.objects.filter(name=name, next_at=seen).update(next_at=following):
            enqueue_once(recurring.task, name)
    return following
