"""Jobs are stored with the change that wants them, run in order of importance, and end as done or as dead letters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.tasks import task

from makegood.clock.now import now
from makegood.errors import Refused
from makegood.jobs import claiming, recurring
from makegood.jobs.backend import enqueue_once
from makegood.jobs.models import Job, Schedule
from makegood.jobs.worker import run

pytestmark = pytest.mark.django_db(transaction=True)
RAN: list[str] = []


@task
def note(word: str) -> str:
    RAN.append(word)
    return word.upper()


@task
def fail() -> None:
    raise ValueError("the kettle is cold")


@task
def refuse() -> None:
    raise Refused("There is no such customer.")


@task(atomic=True)
def leave_a_mark(name: str) -> None:
    Schedule.objects.create(name=name, next_at=now())


@pytest.fixture(autouse=True)
def _fresh() -> None:
    RAN.clear()


def run_all() -> None:
    while jobs := claiming.claim("tester"):
        for job in jobs:
            run(job)


def test_a_job_runs_and_its_result_can_be_asked_for() -> None:
    result = note.enqueue("lantern")

    run_all()

    result.refresh()
    assert (RAN, result.return_value) == (["lantern"], "LANTERN")


def test_a_job_of_a_transaction_that_is_rolled_back_never_was() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note.enqueue("ghost")
        _ = 1 / 0

    assert Job.objects.count() == 0


def test_the_more_important_job_runs_first() -> None:
    note.enqueue("later")
    note.using(priority=10).enqueue("first")

    run_all()

    assert RAN == ["first", "later"]


def test_a_job_waits_for_its_time() -> None:
    note.using(run_after=now() + timedelta(hours=1)).enqueue("tomorrow")

    run_all()

    assert RAN == []


def test_one_key_is_one_job_until_it_is_done() -> None:
    enqueue_once(note, "same", "one")
    enqueue_once(note, "same", "two")
    run_all()
    enqueue_once(note, "same", "three")
    run_all()

    assert RAN == ["one", "three"]


def test_a_failing_job_is_tried_again_later_and_keeps_its_error() -> None:
    fail.enqueue()

    run_all()

    job = Job.objects.get()
    assert (job.state, job.attempts) == (Job.WAITING, 1)
    assert "the kettle is cold" in job.error
    assert timedelta(seconds=1) < job.run_at - now() < timedelta(seconds=3)


def test_a_job_that_fails_to_the_last_becomes_a_dead_letter_and_can_be_revived() -> None:
    fail.enqueue()
    Job.objects.update(max_attempts=1)

    run_all()
    dead = Job.objects.get()
    assert dead.state == Job.DEAD

    assert claiming.revive(dead.pk) is True
    assert Job.objects.get().state == Job.WAITING


def test_a_refusal_is_not_tried_again() -> None:
    refuse.enqueue()

    run_all()

    job = Job.objects.get()
    assert (job.state, job.error) == (Job.DEAD, "There is no such customer.")


def test_the_wait_between_attempts_doubles_up_to_an_hour() -> None:
    waits = [claiming.backoff(attempts).total_seconds() for attempts in (1, 5, 20)]

    assert 1.5 <= waits[0] <= 2.5
    assert 24 <= waits[1] <= 40
    assert 2700 <= waits[2] <= 4500


def test_a_job_whose_worker_died_is_run_by_another() -> None:
    note.enqueue("orphan")
    claiming.claim("dead worker")
    assert claiming.release_expired() == 0
    Job.objects.update(lease_until=1.0)

    assert claiming.release_expired() == 1
    run_all()

    assert RAN == ["orphan"]


def test_a_job_that_kills_its_workers_is_laid_aside() -> None:
    note.enqueue("poison")
    Job.objects.update(max_attempts=1)
    claiming.claim("victim")
    Job.objects.update(lease_until=1.0)

    claiming.release_expired()

    assert Job.objects.get().state == Job.DEAD


def test_what_an_atomic_job_did_without_its_lease_is_undone() -> None:
    leave_a_mark.enqueue("mark")
    (job,) = claiming.claim("slow worker")
    Job.objects.update(worker="quick worker")

    run(job)

    assert not Schedule.objects.filter(name="mark").exists()


def test_two_workers_never_claim_the_same_job() -> None:
    for number in range(10):
        note.enqueue(str(number))

    one, other = claiming.claim("one", limit=6), claiming.claim("other", limit=6)

    assert {job.pk for job in one} & {job.pk for job in other} == set()
    assert len(one) + len(other) == 10


def test_a_clean_stop_hands_back_what_was_claimed() -> None:
    note.enqueue("unfinished")
    claiming.claim("stopping")

    claiming.hand_back("stopping")

    job = Job.objects.get()
    assert (job.state, job.attempts) == (Job.WAITING, 0)


def test_something_recurring_is_enqueued_once_however_many_workers_ask() -> None:
    recurring.every(minutes=5)(tick)
    name = f"{tick.__module__}.{tick.__qualname__}"
    try:
        recurring.enqueue_due()
        recurring.enqueue_due()
        count = Job.objects.filter(unique_key=name).count()
        next_at = Schedule.objects.get(pk=name).next_at
    finally:
        del recurring.RECURRING[name]

    assert count == 1
    assert timedelta(minutes=4) < next_at - now() <= timedelta(minutes=5)


def tick() -> None:
    RAN.append("tick")


def test_claiming_costs_two_statements(django_assert_num_queries: object) -> None:
    note.enqueue("one")

    with django_assert_num_queries(2, connection=connection):  # type: ignore[operator]
        claiming.claim("tester")
