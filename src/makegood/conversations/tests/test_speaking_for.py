"""Forms, shops and marketplaces write as themselves: the customer is who stands in Reply-To (mail.md, 26)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from makegood.contacts.actions.blocking import block, unblock
from makegood.contacts.actions.recognising import recognise
from makegood.contacts.models import Contact, Handle
from makegood.conversations.actions.speaking_for import speak_for_customers, speak_for_itself
from makegood.conversations.envelope import Address, Identity
from makegood.conversations.errors import NobodySpokenFor
from makegood.conversations.models import Conversation, Message
from makegood.conversations.on_behalf import customer_of, is_form
from makegood.conversations.queries.finding import find
from makegood.conversations.tests.factories import CARE, KOFI, ODILE, agent, come_in
from makegood.eventlog.models import LoggedEvent
from makegood.search.grammar import parse

pytestmark = pytest.mark.django_db
SHOP = Address("Quillfeather shop", "orders@shop.example")
FORM = "contact-form@shop.example"
RELAY = "buyer-7f3a@relay.market.example"
OTHER_RELAY = "buyer-91bc@relay.market.example"

# Ten shapes: From, Reply-To, and who the customer is for a sender that is known to forward.
SHAPES = [
    ("a form that names itself", Address("Contact form", FORM), [ODILE], ODILE.email),
    ("a form that takes the customer's name", Address("Odile Fenwick", FORM), [Address("", ODILE.email)], ODILE.email),
    ("a form that says 'via'", Address("Odile via Quillfeather", FORM), [ODILE], ODILE.email),
    ("a shop's question about an order", SHOP, [ODILE], ODILE.email),
    ("nobody first, then the customer", SHOP, [Address("", "no-reply@shop.example"), ODILE], ODILE.email),
    ("our own address first, then the customer", SHOP, [Address("", CARE), ODILE], ODILE.email),
    ("a form that answers to us alone", SHOP, [Address("", "care+form@quillfeather.example")], ""),
    ("a form that answers to itself", SHOP, [Address("", SHOP.email.upper())], ""),
    ("a form without Reply-To", SHOP, [], ""),
    ("a marketplace with a relay address for each buyer", Address("Market", "no-reply@market.example"),
     [Address("Odile F.", RELAY)], RELAY),
]  # fmt: skip


def events(name: str) -> list[LoggedEvent]:
    return list(LoggedEvent.objects.filter(name=name))


def found(words: str) -> list[int]:
    return [hit.conversation.pk for hit in find(parse(words), agent())]


@pytest.mark.parametrize(("sender", "reply_to", "customer"), [s[1:] for s in SHAPES], ids=[s[0] for s in SHAPES])
def test_the_customer_of_each_shape(sender: Address, reply_to: list[Address], customer: str) -> None:
    contact, _ = recognise(sender.email, sender.name)
    Contact.objects.filter(pk=contact.pk).update(forwards_for_customers=True)

    message = come_in("My tent leaks.", sender=sender, reply_to=reply_to, identity=Identity.ALIGNED)

    assert message.from_email == (customer or sender.email)
    assert message.via_email == (sender.email if customer else None)
    assert message.identity == ("claimed" if customer else "aligned")
    assert [p.email for p in message.conversation.participants.all()] == [customer or sender.email]


@pytest.mark.parametrize("local", ["wordpress", "contact-form", "Contact_Form", "kontaktformular", "webform+tents"])
def test_an_address_that_only_forms_have_forwards_from_its_first_letter(local: str) -> None:
    message = come_in("My tent leaks.", sender=Address("Form", f"{local}@shop.example"), reply_to=[KOFI])

    assert message.from_email == KOFI.email
    assert len(events("contact.marked_forwarding")) == 1


@pytest.mark.parametrize("local", ["odile", "info", "noreply", "formosa", "orders", "wordpress.fan", "reform"])
def test_other_addresses_forward_for_nobody_unless_somebody_says_so(local: str) -> None:
    assert not is_form(f"{local}@shop.example")
    assert come_in("x", sender=Address("", f"{local}@shop.example"), reply_to=[KOFI]).via_email is None


def test_a_form_that_was_said_to_speak_for_itself_is_believed_to() -> None:
    first = come_in("x", sender=Address("Form", FORM), reply_to=[KOFI])
    speak_for_itself(first.conversation, by=agent())

    assert come_in("y", sender=Address("Form", FORM), reply_to=[KOFI]).from_email == FORM


def test_two_buyers_behind_relay_addresses_are_never_one_person() -> None:
    one = come_in("x", sender=Address("Odile F.", RELAY))
    two = come_in("y", sender=Address("Odile F.", OTHER_RELAY), in_reply_to=one.message_id)
    market = Address("Market", "no-reply@market.example")
    contact, _ = recognise(market.email)
    Contact.objects.filter(pk=contact.pk).update(forwards_for_customers=True)
    three = come_in("z", sender=market, reply_to=[Address("Odile F.", "buyer-0@relay.market.example")])

    assert len({m.contact_id for m in (one, two, three)}) == len({m.conversation_id for m in (one, two, three)}) == 3
    assert Handle.objects.count() == Contact.objects.count() == 4


def test_another_customer_of_the_same_form_does_not_join_by_a_message_id() -> None:
    one = come_in("x", sender=Address("Form", FORM), reply_to=[ODILE])

    two = come_in("y", sender=Address("Form", FORM), reply_to=[KOFI], in_reply_to=one.message_id)

    assert (two.conversation != one.conversation, two.conversation.may_belong_to) == (True, one.conversation)


def test_one_press_gives_the_conversation_its_customer_and_another_takes_them_away() -> None:
    message, marisol = come_in("Groundsheet.", sender=SHOP, reply_to=[KOFI], identity=Identity.ALIGNED), agent()
    conversation, sender = message.conversation, message.contact

    speak_for_customers(conversation, by=marisol)

    message, conversation = Message.objects.get(), Conversation.objects.get()
    assert (message.from_name, message.from_email, message.identity) == (KOFI.name, KOFI.email, "claimed")
    assert (message.via_name, message.via_email) == (SHOP.name, SHOP.email)
    assert conversation.contact == message.contact != sender
    assert list(conversation.participants.values_list("email", "is_verified")) == [(KOFI.email, True)]
    assert (found("from:kofi"), found("from:orders")) == ([conversation.pk], [])
    assert [e.contact_id for e in events("contact.marked_forwarding")] == [sender.pk]
    assert [e.contact_id for e in events("conversation.customer_changed")] == [conversation.contact_id]

    speak_for_itself(conversation, by=marisol)

    message, conversation = Message.objects.get(), Conversation.objects.get()
    assert (message.from_name, message.from_email, message.via_email) == (SHOP.name, SHOP.email, None)
    assert conversation.contact == message.contact == sender
    assert list(conversation.participants.values_list("email", "is_verified")) == [(SHOP.email, True)]
    assert (found("from:kofi"), found("from:orders")) == ([], [conversation.pk])
    assert [e.contact_id for e in events("contact.cleared_of_forwarding")] == [sender.pk]
    assert not Contact.objects.filter(forwards_for_customers=True).exists()


def test_a_sender_whose_letters_name_nobody_forwards_for_nobody() -> None:
    conversation = come_in("x", sender=SHOP).conversation

    with pytest.raises(NobodySpokenFor):
        speak_for_customers(conversation, by=agent())
    assert not Contact.objects.filter(forwards_for_customers=True).exists()


def test_blocking_and_unblocking_are_events_and_happen_once() -> None:
    contact, marisol = come_in().contact, agent()

    for _ in range(2):
        block(contact, by=marisol.actor)
    assert (Contact.objects.get().is_blocked, len(events("contact.blocked"))) == (True, 1)
    for _ in range(2):
        unblock(contact, by=marisol.actor)
    assert (Contact.objects.get().is_blocked, len(events("contact.unblocked"))) == (False, 1)


def test_the_panel_blocks_says_so_and_unblocks(client: Client) -> None:
    client.force_login(agent())
    page = reverse("conversation", args=[come_in().conversation_id])

    blocked = client.post(page + "/block", follow=True).content.decode()
    assert "further mail from this sender goes to Spam" in blocked
    assert "blocked this sender" in blocked
    assert come_in("Again").conversation.status == "spam"

    unblocked = client.post(page + "/block/delete", follow=True).content.decode()
    assert "Block this sender" in unblocked
    assert come_in("Again").conversation.status == "open"


def test_the_panel_offers_what_fits_the_sender(client: Client) -> None:
    client.force_login(agent())
    plain = reverse("conversation", args=[come_in().conversation_id])
    shop = reverse("conversation", args=[come_in("x", sender=SHOP, reply_to=[KOFI]).conversation_id])
    offer = "This sender forwards for customers"

    assert offer not in client.get(plain).content.decode()
    assert offer in client.get(shop).content.decode()
    told = client.post(shop + "/forwarder", follow=True).content.decode()
    assert (offer in told, "This sender speaks for itself" in told, f"by {SHOP.email}" in told) == (False, True, True)
    assert offer in client.post(shop + "/forwarder/delete", follow=True).content.decode()


def test_who_only_notes_may_neither_block_nor_change_the_customer(client: Client) -> None:
    client.force_login(agent(role="light"))
    page = reverse("conversation", args=[come_in("x", sender=SHOP, reply_to=[KOFI]).conversation_id])

    shown = client.get(page).content.decode()

    assert "Block this sender" not in shown and "forwards for customers" not in shown
    assert client.post(page + "/block").status_code == client.post(page + "/forwarder").status_code == 403


def test_whom_a_letter_is_for_is_never_its_sender_or_ourselves() -> None:
    assert (
        customer_of("a@x.example", [Address("", "A@X.example"), Address("", "b+1@y.example")], {"b@y.example"}) is None
    )
