"""Answers come back to a domain that is theirs alone, where the inbox has one."""

from __future__ import annotations

import email
import email.policy
from argparse import ArgumentParser

import pytest
from django.test import Client

from makegood.channels.email.console import add_arguments, from_arguments
from makegood.channels.email.dns import check
from makegood.channels.email.lmtp import inbox_for
from makegood.channels.email.tests.names import zone
from makegood.channels.email.tests.test_inbox_pages import typed
from makegood.channels.email.writing import compose
from makegood.channels.tests.factories import mail, read
from makegood.conversations.models import Message
from makegood.conversations.queries.circles import circle_around
from makegood.conversations.queries.writing import recipients_of
from makegood.conversations.tests.factories import agent, answer, inbox
from makegood.errors import Refused
from makegood.inboxes.models import Inbox

pytestmark = pytest.mark.django_db(transaction=True)
DOMAIN = "replies.quillfeather.example"


@pytest.fixture
def care() -> Inbox:
    return inbox(settings={"reply_domain": DOMAIN})


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(agent(role="admin"))
    return client


def reply_to(letter: Message) -> str:
    head = email.message_from_bytes(compose(letter).content, policy=email.policy.SMTP)
    return str(head["Reply-To"].addresses[0].addr_spec)


def test_an_answer_comes_back_there_and_joins_its_conversation(care: Inbox) -> None:
    ours = answer(read(mail("The pole cracked."), care).conversation)
    address = reply_to(ours)
    assert address == f"care+{ours.conversation.token}@{DOMAIN}"
    assert inbox_for(address) == care

    again = read(mail("Thanks.", f"Delivered-To: {address}", sender="x@elsewhere.example"), care)

    assert again.conversation == ours.conversation


def test_the_address_of_another_inbox_comes_before_one_for_answers(care: Inbox) -> None:
    other = inbox(f"care@{DOMAIN}", "Other")

    assert (inbox_for(f"care@{DOMAIN}"), inbox_for(care.address)) == (other, care)


def test_an_answer_to_all_does_not_go_to_ourselves(care: Inbox) -> None:
    theirs = read(mail("To you both.", f"Cc: care+{'a' * 32}@{DOMAIN}, kofi@larkspur.example"), care)

    to, cc = recipients_of(theirs.conversation, [theirs])

    assert [email for _, email in [*to, *cc]] == ["odile@fenwick.example", "kofi@larkspur.example"]


def test_it_is_of_the_house(care: Inbox) -> None:
    emails = [f"care+{'a' * 32}@{DOMAIN}", "odile@fenwick.example"]

    assert circle_around(emails).inside(emails) == emails[:1]


def test_it_is_entered_in_the_form_and_may_be_emptied_again(client: Client) -> None:
    client.post("/settings/inboxes/new", typed(reply_domain=DOMAIN.upper()))
    inbox = Inbox.objects.get()
    assert inbox.settings["reply_domain"] == DOMAIN

    client.post(f"/settings/inboxes/{inbox.pk}", typed())

    inbox.refresh_from_db()
    assert (inbox.settings["reply_domain"], inbox.reply_address) == ("", inbox.address)


@pytest.mark.parametrize(
    ("domain", "said"),
    [
        ("replies", "Only a domain"),
        ("quillfeather.example", "That is the domain of the address itself."),
        ("returns.quillfeather.example", "Answers to Care come back there."),
    ],
)
def test_a_domain_that_cannot_be_is_refused_with_a_sentence(client: Client, domain: str, said: str) -> None:
    inbox("hello@elsewhere.example", settings={"reply_domain": "returns.quillfeather.example"})

    page = client.post("/settings/inboxes/new", typed(reply_domain=domain))

    assert (page.status_code, Inbox.objects.count()) == (422, 1)
    assert said in page.content.decode()


def test_an_address_that_answers_come_back_to_is_no_other_inbox(client: Client, care: Inbox) -> None:
    page = client.post("/settings/inboxes/new", typed(address=f"care@{DOMAIN}"))

    assert (page.status_code, Inbox.objects.count()) == (422, 1)
    assert "Answers to Care come back there." in page.content.decode()


def test_a_former_domain_still_reaches_its_inbox(client: Client) -> None:
    client.post("/settings/inboxes/new", typed(reply_domain=DOMAIN))
    inbox = Inbox.objects.get()
    for domain in ("other.quillfeather.example", ""):
        client.post(f"/settings/inboxes/{inbox.pk}", typed(reply_domain=domain))

    inbox.refresh_from_db()
    assert inbox.reply_address == inbox.address
    assert [inbox_for(f"hello+{'a' * 32}@{domain}") for domain in (DOMAIN, "other.quillfeather.example")] == [inbox] * 2


@pytest.mark.parametrize("domain", ["quillfeather.example", "returns.quillfeather.example"])
def test_the_console_refuses_the_same(domain: str) -> None:
    inbox("hello@elsewhere.example", settings={"reply_domain": "returns.quillfeather.example"})
    given = ArgumentParser()
    add_arguments(given)
    given.add_argument("--address")
    words = ["--address", "hello@quillfeather.example", "--reply-domain", domain]

    with pytest.raises(Refused):
        from_arguments(given.parse_args(words), lambda _name: "")


def test_its_mail_servers_are_looked_up_with_the_others(care: Inbox) -> None:
    with zone({(DOMAIN, "MX"): ["10 mail.quillfeather.example."]}) as names:
        found = check(care.address, names.resolver, reply_domain=DOMAIN)

    assert [(one.name, one.state) for one in found][3:] == [("MX", "missing"), (f"MX {DOMAIN}", "good")]
