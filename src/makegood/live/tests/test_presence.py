"""Who is there: one row, overwritten, of this minute alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.eventlog.models import LoggedEvent
from makegood.live import jobs
from makegood.live.actions.being_there import beat, leave
from makegood.live.models import GONE_SECONDS, Presence
from makegood.live.queries import present
from makegood.live.watching import Change, Watch

pytestmark = pytest.mark.django_db
JONAS, MARISOL = 3, 4


def there(agent: int = JONAS, doing: str = "looking", at: int = 7, page: str = "a") -> None:
    beat(agent_id=agent, conversation_id=at, scope=1, doing=doing, page=page)


def older(seconds: float) -> None:
    """As if all had been so long ago."""
    for one in Presence.objects.all():
        Presence.objects.filter(pk=one.pk).update(since=one.since - seconds, seen_at=one.seen_at - seconds)


def seen() -> list[tuple[int, int, str, int]]:
    return [(one.agent_id, one.conversation_id, one.doing, round(one.seconds)) for one in present()]


def test_a_beat_is_one_statement_and_one_row_and_no_event() -> None:
    there()
    older(5)
    with CaptureQueriesContext(connection) as counted:
        there()

    assert len(counted) == 1
    assert (seen(), Presence.objects.count()) == ([(JONAS, 7, "looking", 5)], 1)
    assert not LoggedEvent.objects.exists()


def test_what_is_done_began_when_it_changed() -> None:
    there()
    older(20)
    there(doing="reply")
    older(5)
    there(doing="reply")

    assert seen() == [(JONAS, 7, "reply", 5)]


def test_whoever_sends_no_beat_is_gone_after_forty_seconds_and_begins_anew() -> None:
    there()
    older(GONE_SECONDS - 1)
    assert seen() == [(JONAS, 7, "looking", 39)]
    older(2)
    assert seen() == []

    there()
    assert seen() == [(JONAS, 7, "looking", 0)]


def test_whoever_leaves_is_gone_at_once_but_not_by_an_older_page() -> None:
    there(page="a")
    there(page="b")
    leave(agent_id=JONAS, conversation_id=7, page="a")
    assert len(seen()) == 1

    leave(agent_id=JONAS, conversation_id=7, page="b")
    assert not Presence.objects.exists()


def test_each_is_at_each_conversation_by_themselves() -> None:
    there()
    there(MARISOL)
    there(at=8)
    leave(agent_id=MARISOL, conversation_id=8, page="a")

    assert [(one.agent_id, one.conversation_id) for one in present([7])] == [(JONAS, 7), (MARISOL, 7)]
    assert len(seen()) == 3
    assert present([]) == []


def test_rows_of_those_who_have_gone_without_a_word_are_removed() -> None:
    there()
    older(GONE_SECONDS + 1)
    there(MARISOL)

    jobs.forget_who_left.func()

    assert [one.agent_id for one in Presence.objects.all()] == [MARISOL]


def test_only_what_changes_is_told() -> None:
    watch, change = Watch(), Change(JONAS, 7, 1)
    told = []
    for doing in ("looking", "looking", "reply", "reply", "looking"):
        there(doing=doing)
        older(15)
        told.append(watch.changes())
    older(GONE_SECONDS)
    told += [watch.changes(), watch.changes()]

    assert told == [{change}, set(), {change}, set(), {change}, {change}, set()]
