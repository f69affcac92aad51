import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from makegood.agents.models import Agent, Role
from makegood.agents.tests.people import person, sign_in, signed_in, with_password
from makegood.clock.now import now
from makegood.conversations.actions.assigning import assign
from makegood.conversations.tests.factories import come_in
from makegood.eventlog.models import LoggedEvent
from makegood.live.hub import newest_id

pytestmark = pytest.mark.django_db


def test_a_session_lives_on_while_it_is_used_and_ends_after_twelve_idle_hours() -> None:
    client, start = sign_in(with_password(person())), now()
    answers = []
    for hours in (0, 8, 16, 24, 36.2):
        with time_machine.travel(start + timedelta(hours=hours), tick=False):
            answers.append(client.get("/settings/profile").status_code)

    assert answers == [200, 200, 200, 200, 302]


def test_what_a_page_fetches_by_itself_keeps_nobody_signed_in() -> None:
    client, start = sign_in(with_password(person())), now()
    with time_machine.travel(start + timedelta(hours=8), tick=False):
        client.get("/conversations", headers={"HX-Request": "true"})
    with time_machine.travel(start + timedelta(hours=12, minutes=1), tick=False):
        assert client.get("/settings/profile").status_code == 302


def test_a_session_is_not_written_at_every_page() -> None:
    client = signed_in(person())
    client.get("/settings/profile")

    with CaptureQueriesContext(connection) as asked:
        client.get("/settings/profile")

    written = [query["sql"] for query in asked if not query["sql"].startswith("SELECT")]
    assert written == []


def test_times_are_shown_in_the_person_s_zone_and_in_nobody_else_s() -> None:
    chief = person("Ines Brandt", Role.ADMIN, timezone="Asia/Tokyo")
    LoggedEvent.objects.create(at=datetime(2020, 1, 1, 20, tzinfo=UTC), name="team.added", actor="system:")
    times = []
    for zone in ("Asia/Tokyo", ""):
        Agent.objects.filter(pk=chief.pk).update(timezone=zone)
        times.append(b"2 Jan 2020" in signed_in(chief).get("/settings/audit").content)

    assert (times, timezone.get_current_timezone_name()) == ([True, False], "UTC")


def test_a_zone_that_no_longer_exists_breaks_nothing() -> None:
    assert signed_in(person(timezone="Europe/Atlantis")).get("/settings/profile").status_code == 200


def test_a_session_without_its_row_is_nobody_s() -> None:
    client = signed_in(person())
    Session.objects.all().delete()

    assert client.get("/settings/profile").headers["Location"] == "/accounts/login/?next=/settings/profile"


def test_what_happens_while_a_page_is_made_is_told_to_it_afterwards() -> None:
    client, marisol = sign_in(with_password(person())), Agent.objects.get()
    known: list[int] = []

    def and_something_happens(execute: Any, sql: str, *more: Any) -> Any:
        answer = execute(sql, *more)
        if 'FROM "conversation"' in sql and not known:
            known.append(newest_id())
            assign(conversation, to=marisol, by=marisol)
        return answer

    conversation = come_in().conversation
    with connection.execute_wrapper(and_something_happens):
        page = client.get(f"/conversations/{conversation.pk}").content.decode()

    assert re.findall(r'data-since="(\d+)"', page) == [str(number) for number in known]
