"""Who may run which job now: claims, leases and their end, each one statement, decided by the database."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

from django.db import connection
from django.db.models import F

from makegood.clock.now import now
from makegood.database import leasing
from makegood.jobs.models import Job
from makegood.jobs.waking import ring


def claim(worker: str, limit: int = 1) -> list[Job]:
    """Take up to `limit` due jobs, most important first; each is leased to this worker alone."""
    # Looking costs no lock; most of the time nothing is due, and mail wants to write.
    if not Job.objects.filter(state=Job.WAITING, run_at__lte=now()).exists():
        return []
    moment = connection.ops.adapt_datetimefield_value(now())
    return leasing.claim(
        Job,
        where="state = 'waiting' AND run_at <= %s",
        given=[moment],
        order="priority DESC, run_at, id",
        limit=limit,
        setting="state = 'running', attempts = attempts + 1, worker = %s, started_at = %s",
        set_to=[worker, moment],
    )


def renew(worker: str, ids: Sequence[int]) -> None:
    """The heartbeat: the jobs that this worker is running at this moment stay its own for another lease."""
    leasing.renew(Job, ids, where="state = 'running' AND worker = %s", given=[worker])


def release_expired() -> int:
    """Jobs whose worker died wait again, or become dead letters when they have killed enough workers."""
    if not Job.objects.filter(state=Job.RUNNING).extra(where=[leasing.is_over()]).exists():  # noqa: S610  our own SQL
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE job SET worker = '', lease_until = NULL,
                    state = CASE WHEN attempts >= max_attempts THEN 'dead' ELSE 'waiting' END,
                    error = CASE WHEN attempts >= max_attempts
                                 THEN 'The process that ran this was killed each time.' ELSE error END
                WHERE state = 'running' AND {leasing.is_over()}""",  # noqa: S608  our own SQL
        )
        return int(cursor.rowcount)


def finish(job: Job, result: object) -> bool:
    """Done, unless the lease was lost meanwhile: then False, and another worker's result counts."""
    held = Job.objects.filter(pk=job.pk, state=Job.RUNNING, worker=job.worker, attempts=job.attempts)
    return bool(held.update(state=Job.DONE, result=result, error="", lease_until=None, finished_at=now()))


def fail(job: Job, error: str, *, permanent: bool = False) -> None:
    """Try again later (exponential back-off with jitter), or lay it with the dead letters."""
    dead = permanent or job.attempts >= job.max_attempts
    held = Job.objects.filter(pk=job.pk, state=Job.RUNNING, worker=job.worker, attempts=job.attempts)
    held.update(
        state=Job.DEAD if dead else Job.WAITING,
        error=error[-8000:],
        run_at=now() + backoff(job.attempts),
        lease_until=None,
        finished_at=now() if dead else None,
    )


def revive(job_id: int) -> bool:
    """A person says "try again": a dead letter waits once more, with fresh attempts."""
    dead = Job.objects.filter(pk=job_id, state=Job.DEAD)
    revived = bool(dead.update(state=Job.WAITING, attempts=0, run_at=now(), finished_at=None, unique_key=None))
    if revived:
        ring()
    return revived


def sweep() -> int:
    """Jobs that were done more than a day ago; their results have been asked for by then."""
    return Job.objects.filter(state=Job.DONE, finished_at__lt=now() - timedelta(days=1)).delete()[0]


def hand_back(worker: str) -> None:
    """At a clean stop: what was claimed but not finished waits again at once, and the attempt does not count."""
    running = Job.objects.filter(state=Job.RUNNING, worker=worker)
    running.update(state=Job.WAITING, worker="", lease_until=None, attempts=F("attempts") - 1)


def backoff(attempts: int) -> timedelta:
    """2, 4, 8 … seconds up to an hour, each 0.75 to 1.25 of it, so that failures do not march in step."""
    return timedelta(seconds=min(2.0**attempts, 3600.0) * random.uniform(0.75, 1.25))  # noqa: S311
