"""What e-mail does by itself is found under its name, also in rows that were stored when it had another."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from makegood.channels.email import jobs
from makegood.clock.now import now
from makegood.conversations.tests.factories import inbox
from makegood.eventlog.models import Cursor
from makegood.eventlog.reacting import react_again
from makegood.jobs.models import Job, Schedule

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE, AFTER = [("channels", "0004_reading_order")], [("channels", "0005_jobs_of_email")]
OLD, NEW = "makegood.channels.jobs", "makegood.channels.email.jobs"
DISCOVER = f"""
import django; django.setup()
from makegood.eventlog.reacting import SUBSCRIPTIONS, discover
from makegood.jobs.recurring import RECURRING
discover()
print(*sorted(name for name in [*SUBSCRIPTIONS, *RECURRING] if name.startswith("{NEW}.")))
"""


@pytest.fixture
def _older() -> Iterator[None]:
    MigrationExecutor(connection).migrate(BEFORE)
    yield
    MigrationExecutor(connection).migrate(AFTER)


def waiting(task: str, *args: object, unique_key: str | None = None) -> Job:
    moment = now()
    return Job.objects.create(
        task=task, arguments={"args": args, "kwargs": {}}, unique_key=unique_key, run_at=moment, enqueued_at=moment
    )


@pytest.mark.usefixtures("_older")
def test_what_waited_under_its_older_name_is_done_after_an_upgrade() -> None:
    care = inbox()
    tomorrow = now() + timedelta(days=1)
    waiting(f"{OLD}.look_at_trust_of", care.pk, unique_key=f"trust:{care.pk}")
    waiting(f"{OLD}.refresh_sign_ins", unique_key=f"{OLD}.refresh_sign_ins")
    waiting(react_again.module_path, f"{OLD}.file_copy", 7)
    waiting(react_again.module_path, "makegood.conversations.jobs.another", 8)
    waiting(f"{OLD}.sweep_files", unique_key=f"{OLD}.sweep_files")
    Schedule.objects.create(name=f"{OLD}.compare_counts", next_at=tomorrow)
    Schedule.objects.create(name=f"{OLD}.renew_forms", next_at=tomorrow)
    Cursor.objects.create(subscriber=f"{OLD}.file_copy", position=41)

    MigrationExecutor(connection).migrate(AFTER)

    stored = [(job.task, job.unique_key, job.arguments["args"]) for job in Job.objects.order_by("pk")]
    assert stored == [
        (f"{NEW}.look_at_trust_of", f"trust:{care.pk}", [care.pk]),
        (f"{NEW}.refresh_sign_ins", f"{NEW}.refresh_sign_ins", []),
        (react_again.module_path, None, [f"{NEW}.file_copy", 7]),
        (react_again.module_path, None, ["makegood.conversations.jobs.another", 8]),
        (f"{OLD}.sweep_files", f"{OLD}.sweep_files", []),
    ]
    schedules = [(row.name, row.next_at) for row in Schedule.objects.filter(name__startswith="makegood.channels")]
    assert sorted(schedules) == [(f"{NEW}.compare_counts", tomorrow), (f"{OLD}.renew_forms", tomorrow)]
    assert Cursor.objects.get(subscriber__startswith="makegood.channels").position == 41


def test_every_renamed_job_is_found_when_a_server_starts() -> None:
    """In a process of its own, into which nothing else has brought them."""
    found = subprocess.run([sys.executable, "-c", DISCOVER], env=os.environ, capture_output=True, check=True)

    names = import_module("makegood.channels.migrations.0005_jobs_of_email").NAMES
    marked = [name for name in names if not name.endswith("_of")]
    assert found.stdout.decode().split() == sorted(f"{NEW}.{name}" for name in marked)
    assert [name for name in names if not hasattr(jobs, name)] == []
