"""A leased row is one worker's alone until its time, by the database's clock, is over."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.channels.models import FolderMark
from makegood.clock.now import now
from makegood.database import leasing
from makegood.eventlog.tests.threads import at_once, on_postgres
from makegood.inboxes.models import Inbox

pytestmark = pytest.mark.django_db


def rows(count: int) -> list[FolderMark]:
    care = Inbox.objects.create(name="Care", address="care@quillfeather.example")
    return [FolderMark.objects.create(inbox=care, folder=f"{number}") for number in range(count)]


def claimed(limit: int = 1) -> list[str]:
    taken = leasing.claim(
        FolderMark, where=f"uid = %s AND {leasing.is_over()}", given=[0], order="id", limit=limit,
        setting="poller = %s, history_uid = history_uid + 1", set_to=["me"],
    )  # fmt: skip
    return [row.folder for row in taken]


def left(row: FolderMark) -> float:
    """Seconds until its lease is over."""
    row.refresh_from_db()
    return row.lease_until - time.time()


def ended(row: FolderMark) -> None:
    FolderMark.objects.filter(pk=row.pk).update(lease_until=time.time() - 1)


def test_the_clock_is_the_databases_and_counts_seconds_since_1970() -> None:
    with time_machine.travel(now() + timedelta(days=400)), connection.cursor() as cursor:
        cursor.execute(f"SELECT {leasing.clock()}")
        there = float(cursor.fetchone()[0])

    assert abs(there - time.time()) < 5


def test_rows_are_claimed_in_their_order_and_each_once() -> None:
    rows(3)

    assert (sorted(claimed(2)), claimed(2), claimed(2)) == (["0", "1"], ["2"], [])


def test_a_claim_is_one_statement_that_changes_what_it_was_told_and_no_other_row() -> None:
    first, second = rows(2)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        claimed()

    assert len(seen) == 1
    assert leasing.LEASE_SECONDS - 5 < left(first) <= leasing.LEASE_SECONDS + 1
    assert (first.poller, first.history_uid) == ("me", 1)
    second.refresh_from_db()
    assert (second.poller, second.history_uid, second.lease_until) == ("", 0, 0)


def test_a_row_whose_lease_is_over_can_be_claimed_again() -> None:
    (row,) = rows(1)
    claimed()
    ended(row)

    assert claimed() == ["0"]


def test_a_renewed_row_is_held_on_and_one_that_is_no_longer_ours_is_not() -> None:
    mine, lost = rows(2)
    claimed(2)
    ended(mine)
    FolderMark.objects.filter(pk=lost.pk).update(poller="another", lease_until=1)

    leasing.renew(FolderMark, [mine.pk, lost.pk], where="poller = %s", given=["me"])

    assert left(mine) > leasing.LEASE_SECONDS - 5
    assert left(lost) < 0


def test_nothing_to_renew_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as seen:
        leasing.renew(FolderMark, [])

    assert len(seen) == 0


def test_a_row_is_taken_by_one_name_that_may_take_it_again() -> None:
    (row,) = rows(1)

    assert leasing.take(row, holder="poller", name="first")
    assert not leasing.take(row, holder="poller", name="second")
    assert leasing.take(row, holder="poller", name="first")
    ended(row)
    assert leasing.take(row, holder="poller", name="second")
    assert not leasing.take(row, holder="poller", name="first")


def test_while_work_is_held_its_lease_is_renewed_and_not_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leasing, "RENEW_SECONDS", 0.01)
    times: list[float] = []

    with leasing.holding(lambda: times.append(time.monotonic())):
        time.sleep(0.2)
    ended_at = time.monotonic()
    time.sleep(0.05)

    assert len(times) >= 3
    assert max(times) <= ended_at


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_each_gets_rows_of_its_own() -> None:
    rows(12)

    taken = at_once(*[lambda: claimed(3)] * 6)

    assert sorted(int(folder) for share in taken for folder in share) == list(range(12))


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_takes_the_row() -> None:
    (row,) = rows(1)

    taken = at_once(*[lambda n=n: leasing.take(row, holder="poller", name=f"{n}") for n in range(6)])

    assert sorted(taken) == [False] * 5 + [True]
