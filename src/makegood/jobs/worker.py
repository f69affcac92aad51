"""Runs jobs in threads, keeps their leases alive and enqueues what recurs. One `Worker` a process."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
import traceback

from django.db import DatabaseError, connection, transaction
from django.utils.json import normalize_json
from django.utils.module_loading import import_string

from makegood.clock.now import now
from makegood.database.leasing import LEASE_SECONDS
from makegood.errors import Refused
from makegood.jobs import claiming, recurring
from makegood.jobs.backend import DurableTask
from makegood.jobs.models import Job
from makegood.jobs.waking import waker

log = logging.getLogger(__name__)
IDLE_SECONDS = 5.0


class LeaseLost(Exception):
    """Another worker has the job now; what we did in its transaction is rolled back."""


class Worker:
    """`start()` makes the threads, `stop()` ends them cleanly."""

    def __init__(self, threads: int = 2) -> None:
        self.name = f"{socket.gethostname()[:24]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._stop = threading.Event()
        self._running: set[int] = set()
        self._threads = [threading.Thread(target=self._run, name=f"job-{n}", daemon=True) for n in range(threads)]
        self._threads.append(threading.Thread(target=self._tend, name="job-tender", daemon=True))

    def start(self) -> None:
        """Begin; returns at once."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 10.0) -> None:
        """Take no new jobs, wait for the running ones, hand back what remains."""
        self._stop.set()
        for thread in self._threads:
            thread.join(seconds)
        claiming.hand_back(self.name)

    def _run(self) -> None:
        wake = waker(self._stop)
        while not self._stop.is_set():
            try:
                if not self._run_next():
                    wake.wait(_seconds_to_next())
            except Exception:  # noqa: BLE001  the worker loop's edge: whatever happens, jobs go on
                _wait_for_database(self._stop)
        wake.close()
        connection.close()

    def _run_next(self) -> bool:
        """Claim and run; a job is held only while it is run, so one that is lost here soon runs elsewhere."""
        jobs = claiming.claim(self.name)
        for job in jobs:
            self._running.add(job.pk)
            try:
                run(job)
            finally:
                self._running.discard(job.pk)
        return bool(jobs)

    def _tend(self) -> None:
        renewed = 0.0
        while not self._stop.is_set():
            try:
                if time.monotonic() - renewed > LEASE_SECONDS / 4:
                    claiming.renew(self.name, list(self._running))
                    renewed = time.monotonic()
                claiming.release_expired()
                recurring.enqueue_due()
            except Exception:  # noqa: BLE001  the worker loop's edge
                _wait_for_database(self._stop)
            self._stop.wait(1.0)
        connection.close()


def run(job: Job) -> None:
    """Run one claimed job to its end, whatever that is."""
    try:
        task = import_string(job.task)
        assert isinstance(task, DurableTask)
        if task.atomic:
            with transaction.atomic():
                if not claiming.finish(job, _call(task, job)):
                    raise LeaseLost
        else:
            claiming.finish(job, _call(task, job))
    except LeaseLost:
        log.warning("%s was taken over by another worker", job)
    except Refused as refused:
        _note(job, str(refused), permanent=True)
    except Exception:
        log.exception("%s failed", job)
        _note(job, traceback.format_exc(), permanent=False)


def _call(task: DurableTask, job: Job) -> object:
    return normalize_json(task.call(*job.arguments["args"], **job.arguments["kwargs"]))


def _note(job: Job, error: str, *, permanent: bool) -> None:
    try:
        claiming.fail(job, error, permanent=permanent)
    except DatabaseError:
        connection.close()  # the lease runs out, and the job is tried again


def _seconds_to_next() -> float:
    """Until the next waiting job falls due; the waker ends the wait when one is added."""
    try:
        waiting = Job.objects.filter(state=Job.WAITING).order_by("run_at")
        first = waiting.values_list("run_at", flat=True).first()
    except DatabaseError:
        return 1.0
    return IDLE_SECONDS if first is None else min(max((first - now()).total_seconds(), 0.0), IDLE_SECONDS)


def _wait_for_database(stop: threading.Event) -> None:
    log.exception("jobs cannot go on; trying again in a second")
    connection.close()
    stop.wait(1.0)
