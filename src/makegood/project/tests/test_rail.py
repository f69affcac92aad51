"""The rail's numbers, fetched alone for an open page, and what people are told when the mail is in trouble."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from makegood.agents.models import Role
from makegood.agents.tests.people import person, signed_in
from makegood.channels.models import OutboxMail
from makegood.channels.queries import _counting_unsent
from makegood.clock.now import now
from makegood.conversations.tests.factories import answer, come_in, inbox
from makegood.inboxes.models import Inbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    _counting_unsent.cache_clear()
    return signed_in(person("Marisol Quint", Role.ADMIN))


def unsent(minutes: int) -> OutboxMail:
    message = answer(come_in().conversation)
    return OutboxMail.objects.create(
        message=message, inbox=inbox(), created_at=now() - timedelta(minutes=minutes), next_at=now(), state="queued"
    )


def test_the_rail_alone_has_the_numbers_of_now_and_marks_the_page_that_is_open(client: Client) -> None:
    inbox("returns@quillfeather.example", "Returns")
    come_in()
    page = client.get("/conversations?view=nobody")
    come_in("Another.", message_id="<two@fenwick.example>")

    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/conversations?view=nobody"}
    rail = client.get("/rail", headers=headers)

    assert '<span class="n">1</span>' in page.content.decode()
    shown = re.findall(
        r'title="([^"]+)"[^>]*?( aria-current="page")?>.*?(?:class="n">(\d+)<.*?)?</a>', rail.content.decode()
    )
    assert [one for one in shown if one[2]] == [
        ("Nobody’s yet", ' aria-current="page"', "2"), ("Open", "", "2"), ("Care", "", "2"),
    ]  # fmt: skip
    assert rail.content.decode().count("aria-current") == 1


@pytest.mark.parametrize("role", [Role.LIGHT, Role.AGENT, Role.ADMIN])
def test_an_inbox_in_trouble_is_told_where_the_list_is(role: Role) -> None:
    Inbox.objects.create(name="Care", address="care@quillfeather.example", health="bad", health_said="No.")
    client = signed_in(person("Ines Brandt", role))

    for address in ("/conversations", "/rail"):
        told = client.get(address).content.decode().partition('id="mail-troubles"')[2].partition("</div></div>")[0]
        assert "The mail of Care is in trouble." in told
        assert ("/settings/inboxes/" in told, "An administrator can mend it." in told) == (
            role == Role.ADMIN, role != Role.ADMIN,
        )  # fmt: skip


def test_an_inbox_that_is_not_theirs_or_is_switched_off_troubles_nobody() -> None:
    Inbox.objects.create(name="Secret", address="s@quillfeather.example", health="bad", is_open_to_all=False)
    Inbox.objects.create(name="Old", address="o@quillfeather.example", health="bad", is_active=False)

    page = signed_in(person()).get("/conversations").content.decode()

    assert 'id="mail-troubles"></div>' in page


@pytest.mark.parametrize(("minutes", "told"), [(20, True), (10, False)])
def test_letters_that_wait_for_a_quarter_of_an_hour_are_told_to_everybody(minutes: int, told: bool) -> None:
    _counting_unsent.cache_clear()
    unsent(minutes)

    page = signed_in(person("Ines Brandt", Role.LIGHT)).get("/conversations").content.decode()

    assert ("Letters have waited to leave for more than 15 minutes." in page) is told


def test_trouble_costs_no_statement_of_its_own(client: Client, django_assert_num_queries: Any) -> None:
    come_in()
    client.get("/conversations")
    with django_assert_num_queries(20, exact=False) as well:
        client.get("/conversations")
    Inbox.objects.update(health="bad")
    unsent(20)
    _counting_unsent.cache_clear()

    with django_assert_num_queries(len(well.captured_queries)):
        page = client.get("/conversations")
    with django_assert_num_queries(20, exact=False) as alone:
        client.get("/rail")

    assert page.content.decode().count('class="alert one"') >= 2
    assert len(alone.captured_queries) < len(well.captured_queries)
