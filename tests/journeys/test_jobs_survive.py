"""Ten thousand jobs, two workers that are killed at random: none is lost, each effect happens once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.counterparts.makegood import database

WORKER = """
import django; django.setup()
from makegood.database import leasing
leasing.LEASE_SECONDS = 1.0
from makegood.jobs import claiming
from makegood.jobs.worker import run
import sys, time
name = sys.argv[1]
while True:
    claiming.release_expired()
    jobs = claiming.claim(name, limit=20)
    for job in jobs:
        run(job)
    if not jobs:
        time.sleep(0.02)
"""
FILL = """
import django; django.setup()
from makegood.project.starting import bring_up_to_date
bring_up_to_date()
from django.db import transaction
from tests.journeys.effects import count
with transaction.atomic():
    for number in range(int(__import__("sys").argv[1])):
        count.enqueue(number)
"""
SEEN = """
import django; django.setup()
from makegood.jobs.models import Job
from makegood.contacts.models import Company
names = Company.objects.values("name")
print(Job.objects.exclude(state="done").count(), names.count(), names.distinct().count())
"""


@pytest.mark.timeout(300)
def test_killed_workers_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    number, environment = 10_000, {
        **os.environ, "MAKEGOOD_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "makegood.project.settings",
        "DATABASE_URL": database(),
    }  # fmt: skip

    def python(code: str, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", code, *words], env=environment, text=True, stdout=subprocess.PIPE
        )

    assert python(FILL, str(number)).wait() == 0
    workers = [python(WORKER, f"first-{n}") for n in range(2)]
    dice, kills, end = random.Random(7), 0, time.monotonic() + 240
    while time.monotonic() < end:
        time.sleep(dice.uniform(0.3, 1.5))
        left, done, distinct = map(int, python(SEEN).communicate()[0].split())
        if not left:
            break
        victim = dice.randrange(2)
        workers[victim].send_signal(signal.SIGKILL)
        workers[victim].wait()
        kills += 1
        workers[victim] = python(WORKER, f"again-{kills}")
    for worker in workers:
        worker.kill()
        worker.wait()

    assert (left, done, distinct) == (0, number, number)
    assert kills >= 3
