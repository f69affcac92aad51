"""Who is called like a colleague and writes from elsewhere is told apart."""

from __future__ import annotations

import pytest
from django.test import Client

from makegood.conversations.actions.receiving import receive
from makegood.conversations.envelope import Address
from makegood.conversations.posing import poses_as_staff
from makegood.conversations.tests.factories import agent, arrival, come_in, inbox, letter

STAFF = [("Marisol Quint", "marisol@quillfeather.example"), ("Jonas", "jonas@quillfeather.example")]


@pytest.mark.parametrize(
    "name",
    # The last ones: in Cyrillic letters, with one dotless, and with a capital I for the l.
    [
        "Marisol Quint",
        "QUINT, Marisol",
        "Marisól  Quint",
        "Marisol Quint (Quillfeather)",
        "Dr. Marisol Quint",
        "M\u0430ris\u043el Quint",
        "\u041c\u0410RIS\u041eL Quint",
        "Mar\u0131sol Quint",
        "MarisoI Quint",
    ],
)
def test_a_colleagues_name_over_a_strangers_address_is_noticed(name: str) -> None:
    assert poses_as_staff(name, "someone@elsewhere.example", STAFF)


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Marisol Quint", "Marisol@quillfeather.example"), ("Marisol", "m@x.example"), ("Jonas", "j@x.example"),
        ("Jonas Pell", "j@x.example"), ("Marisol Quinto", "m@x.example"), ("", "m@x.example"),
    ],
)  # fmt: skip
def test_colleagues_themselves_and_other_people_are_not(name: str, email: str) -> None:
    assert not poses_as_staff(name, email, STAFF)


@pytest.mark.django_db
def test_it_stands_on_the_message_with_what_the_parser_noticed() -> None:
    agent("Marisol Quint")

    posing = come_in(sender=Address("Marisol Quint", "someone@elsewhere.example"), warnings=["reply_to_elsewhere"])
    again = come_in(sender=Address("Marisol Quint", "someone@elsewhere.example"))

    assert posing.warnings == ["reply_to_elsewhere", "staff_name", "first_contact"]
    assert again.warnings == ["staff_name"]


@pytest.mark.django_db
def test_only_a_persons_first_letter_is_a_first_contact_and_history_is_none() -> None:
    old = receive(letter(sender=Address("", "kofi@larkspur.example")), arrival(is_history=True))
    first, second = come_in(), come_in()

    assert [one.warnings for one in (old, first, second)] == [[], ["first_contact"], []]


@pytest.mark.django_db
def test_the_agent_reads_it_on_the_page(client: Client) -> None:
    client.force_login(agent("Marisol Quint"))
    posing = come_in(sender=Address("Marisol Quint", "someone@elsewhere.example"))

    page = client.get(f"/conversations/{posing.conversation.pk}").content.decode()

    assert "The sender is called like a colleague, but this is no colleague&#x27;s address." in page
    assert '<span class="tag ">first letter</span>' in page


@pytest.mark.django_db
def test_a_letter_from_another_inbox_of_ours_warns_of_nobody() -> None:
    agent("Marisol Quint")
    inbox("returns@quillfeather.example", "Returns")

    ours = come_in(sender=Address("Marisol Quint", "returns@quillfeather.example"))

    assert ours.warnings == []
