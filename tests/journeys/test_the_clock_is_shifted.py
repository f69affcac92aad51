"""R9: a clock that is a day off, summer time, the turn of the year: what waits happens once, and only then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.counterparts.letters import TO, hand_in, stored
from tests.counterparts.makegood import Makegood, makegood
from tests.counterparts.sink import Sink, sink
from tests.counterparts.waiting import eventually

pytestmark = pytest.mark.server
DAY = 86400.0
SNOOZE = """
from zoneinfo import ZoneInfo
from django.utils import timezone
from makegood.agents.models import Agent
from makegood.conversations.actions.closing import snooze
from makegood.conversations.forms import SnoozeForm
from makegood.conversations.models import Conversation
with timezone.override(ZoneInfo({zone!r})):
    form = SnoozeForm({{"at": {at!r}}})
    assert form.is_valid(), form.errors
    snooze(Conversation.objects.get(), until=form.cleaned_data["moment"], by=Agent.objects.get())
print(form.cleaned_data["moment"].astimezone(ZoneInfo("UTC")).isoformat())
"""
ANSWER = """
from makegood.agents.models import Agent
from makegood.conversations.actions.replying import Letter, reply
from makegood.conversations.envelope import Address
from makegood.conversations.models import Conversation
to = [Address("", "odile@fenwick.example")]
reply(Conversation.objects.order_by("pk")[0], Letter(text="A pole is on its way.", to=to), by=Agent.objects.get())
"""
WOKEN = """
from makegood.conversations.models import Conversation
from makegood.eventlog.models import LoggedEvent
print(LoggedEvent.objects.filter(name="conversation.woken").count(), Conversation.objects.order_by("pk")[0].status)
"""


@pytest.fixture
def outside() -> Iterator[Sink]:
    with sink() as server:
        yield server


@pytest.fixture
def house(outside: Sink) -> Iterator[Makegood]:
    """With one conversation, not running."""
    with makegood(MAKEGOOD_TEST="1") as house:
        house.run("inbox", "add", "email", "--address", TO, "--smtp-url", outside.url)
        house.start()
        hand_in(house, 1)
        eventually(lambda: stored(house) == ["<1@fenwick.example>"])
        house.stop()
        yield house


def shifted(house: Makegood, seconds: float) -> None:
    """All processes, stopped and started, go by a clock that is so far off."""
    house.stop()
    house.more["MAKEGOOD_CLOCK_SHIFT"] = str(seconds)
    house.start()


def at(moment: str) -> float:
    """The shift by which it is this moment (UTC) now."""
    return (datetime.fromisoformat(moment).replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds()


def in_hours(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def test_a_clock_that_is_a_day_ahead_and_then_a_day_behind_doubles_nothing(house: Makegood, outside: Sink) -> None:
    house.python(SNOOZE.format(zone="UTC", at=in_hours(6)))
    house.python(ANSWER)

    shifted(house, DAY)
    eventually(lambda: house.python(WOKEN) == "1 open", 30)
    eventually(lambda: len(outside.caught) == 1)
    shifted(house, -DAY)
    hand_in(house, 2)  # leases go by the database's clock: nothing waits for tomorrow
    eventually(lambda: len(stored(house)) == 2)
    house.python(ANSWER)
    eventually(lambda: len(outside.caught) == 2, 25)
    shifted(house, 0)
    hand_in(house, 3)
    eventually(lambda: len(stored(house)) == 3)

    assert house.python(WOKEN) == "1 open"
    assert len({mail.mail["Message-ID"] for mail in outside.caught}) == len(outside.caught) == 2
    assert house.run("doctor", "--quick", check=False).stdout.count(b"WRONG") == 0


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        pytest.param("Europe/Berlin", "2027-03-28T03:00", "2027-03-28T01:00", id="summer time begins"),
        pytest.param("Europe/Berlin", "2027-10-31T03:00", "2027-10-31T02:00", id="summer time ends"),
        pytest.param("Pacific/Auckland", "2027-01-01T00:00", "2026-12-31T11:00", id="the year turns"),
    ],
)
def test_what_was_put_off_wakes_at_its_local_time_once(zone: str, local: str, utc: str, house: Makegood) -> None:
    house.more["MAKEGOOD_CLOCK_SHIFT"] = str(at(utc) - 900)
    moment = house.python(SNOOZE.format(zone=zone, at=local))

    shifted(house, at(utc) - 600)
    before = house.python(WOKEN)
    shifted(house, at(utc) + 5)
    eventually(lambda: house.python(WOKEN) == "1 open", 30)
    shifted(house, at(utc) + 3600)

    assert moment == f"{utc}:00+00:00"
    assert before == "0 snoozed"
    assert house.python(WOKEN) == "1 open"


def test_a_forgotten_shift_is_not_believed(house: Makegood) -> None:
    house.more |= {"MAKEGOOD_CLOCK_SHIFT": "86400", "MAKEGOOD_TEST": ""}

    seen = house.python("from makegood.clock.now import now; print(now().isoformat())")

    assert abs((datetime.fromisoformat(seen) - datetime.now(UTC)).total_seconds()) < 60
