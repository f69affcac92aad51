"""A page that says no leads back to the conversation it was reached from."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from makegood.agents.models import Agent, Role
from makegood.agents.tests.people import person
from makegood.conversations.tests.factories import come_in

pytestmark = pytest.mark.django_db
HOST = "http://testserver"


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(person("Ines Brandt", Role.LIGHT))
    return client


def acts(page: bytes) -> list[tuple[str, str]]:
    return re.findall(r'<a class="btn[^"]*" href="([^"]+)">([^<]+)</a>', page.decode().partition('class="row"')[2])


START = ("/", "Back to the start")


def test_what_the_role_may_not_do_leads_back(client: Client) -> None:
    number = come_in().conversation_id

    answer = client.post(f"/conversations/{number}/closure", headers={"Referer": f"{HOST}/conversations/{number}?x=1"})

    assert answer.status_code == 403
    assert acts(answer.content) == [(f"/conversations/{number}", "Back to the conversation"), START]


def test_what_is_not_there_leads_back(client: Client) -> None:
    number = come_in().conversation_id
    Agent.objects.update(role=Role.AGENT)

    gone = client.post(f"/conversations/{number}/tags/99/delete", headers={"Referer": f"{HOST}/conversations/{number}"})
    linked = client.get(
        "/files/00000000-0000-0000-0000-000000000000", headers={"Referer": f"{HOST}/conversations/{number}"}
    )

    assert (gone.status_code, linked.status_code) == (404, 404)
    assert acts(gone.content) == acts(linked.content) == [
        (f"/conversations/{number}", "Back to the conversation"), START,
    ]  # fmt: skip


def test_what_is_refused_leads_back_also_from_a_form_s_own_address(client: Client) -> None:
    number = come_in().conversation_id
    Agent.objects.update(role=Role.AGENT)

    for page in (f"{HOST}/conversations/{number}/replies", "", "https://elsewhere.example/conversations/1"):
        answer = client.post(f"/conversations/{number}/snooze", {"until": "never"}, headers={"Referer": page})
        assert answer.status_code == 422
        assert acts(answer.content) == [(f"/conversations/{number}", "Back to the conversation"), START]


def test_a_conversation_that_is_not_there_leads_to_the_list_it_was_chosen_from_and_never_to_itself(
    client: Client,
) -> None:
    listed = client.get("/conversations/99", headers={"Referer": f"{HOST}/conversations?view=mine"})
    again = client.get("/conversations/99", headers={"Referer": f"{HOST}/conversations/99/closure"})

    assert acts(listed.content) == [("/conversations?view=mine", "Back to the list"), START]
    assert acts(again.content) == [START]


def test_a_page_that_is_no_address_leads_nowhere(client: Client) -> None:
    answer = client.get("/nothing/here", headers={"Referer": "http://[no"})
    rail = client.get("/rail", headers={"HX-Current-URL": "http://[no"})
    stranger = Client().post("/conversations/1/closure", headers={"Referer": "http://[no"})

    assert (answer.status_code, acts(answer.content)) == (404, [START])
    assert (rail.status_code, stranger.status_code) == (200, 302)
