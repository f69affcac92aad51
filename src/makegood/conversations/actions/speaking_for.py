"""A conversation gets the customer for whom its sender wrote, or its sender back. Raw mail stays as it came."""

from __future__ import annotations

from makegood.agents.models import Agent
from makegood.contacts.actions.forwarding import clear_of_forwarding, mark_forwarding
from makegood.contacts.actions.recognising import recognise
from makegood.contacts.models import Contact
from makegood.conversations import on_behalf
from makegood.conversations.actions import indexing, placing
from makegood.conversations.addressing import addresses
from makegood.conversations.envelope import Address, Identity
from makegood.conversations.errors import NobodySpokenFor
from makegood.conversations.events import ConversationCustomerChanged
from makegood.conversations.models import Conversation, Message, Participant
from makegood.eventlog.recording import action, record
from makegood.inboxes.queries import own_addresses
from makegood.search import index


@action
def speak_for_customers(conversation: Conversation, *, by: Agent) -> None:
    """Its sender is a form or shop: now and from now on the customer is who stands in Reply-To, as a claim.

    Refused when no letter here names one.
    """
    here = _locked(conversation)
    forwarder, ours = here.contact, own_addresses()
    customers = [
        (message, customer)
        for message in here.messages.filter(direction=Message.IN, contact=forwarder, via_email=None).order_by(
            "at", "pk"
        )
        if (customer := on_behalf.customer_of(message.from_email, addresses(message.reply_to), ours))
    ]
    if not customers:
        raise NobodySpokenFor
    mark_forwarding(forwarder, by=by.actor)
    _give(here, recognise(customers[0][1].email, customers[0][1].name)[0])
    for message, customer in customers:
        via = Address(message.from_name, message.from_email)
        _say(message, customer, via, recognise(customer.email, customer.name)[0])
    said_to_be = {message.via.email.lower() for message, _ in customers}
    _take_part(here, [customer for _, customer in customers], instead_of=said_to_be)
    record(ConversationCustomerChanged(**here.ids), by=by.actor)


@action
def speak_for_itself(conversation: Conversation, *, by: Agent) -> None:
    """It was no form: its letters are the sender's own again. They stay a claim until the next letter is checked."""
    here = _locked(conversation)
    messages = list(here.messages.filter(via_email__isnull=False).order_by("at", "pk"))
    if not messages:
        return
    first = messages[0].via
    sender, _ = recognise(first.email, first.name)
    clear_of_forwarding(sender, by=by.actor)
    _give(here, sender)
    theirs = [message for message in messages if message.via.email.lower() == first.email.lower()]
    customers = {message.from_email.lower() for message in theirs}
    for message in theirs:
        _say(message, message.via, Address("", ""), sender)
    _take_part(here, [first], instead_of=customers)
    record(ConversationCustomerChanged(**here.ids), by=by.actor)


def _locked(conversation: Conversation) -> Conversation:
    """No further letter comes in between."""
    return placing.in_turn(conversation.pk)


def _give(conversation: Conversation, contact: Contact) -> None:
    conversation.contact = contact
    conversation.save(update_fields=["contact"])


def _say(message: Message, who: Address, via: Address, contact: Contact) -> None:
    """Whose words the message holds; what is found by search follows."""
    files = [attachment.file for attachment in message.attachments.select_related("file")]
    index.remove(indexing.document_of_message(message, [file.name for file in files]))
    message.contact, message.identity = contact, Identity.CLAIMED
    message.from_name, message.from_email = who.name[:200], who.email[:320]
    message.via_name, message.via_email = via.name or None, via.email or None
    message.save(update_fields=["contact", "identity", "from_name", "from_email", "via_name", "via_email"])
    indexing.index_message(message, files)


def _take_part(conversation: Conversation, people: list[Address], *, instead_of: set[str]) -> None:
    """They do; those of whom no letter is any more do not. The customer is no stranger to their own conversation."""
    speaking = {email.lower() for email in conversation.messages.values_list("from_email", flat=True)}
    conversation.participants.filter(email__in=instead_of - speaking).delete()
    Participant.objects.bulk_create(
        [
            Participant(conversation=conversation, email=p.email.lower(), name=p.name[:200], is_verified=False)
            for p in people
        ],
        ignore_conflicts=True,
    )
    own = conversation.contact.handles.values("value")
    conversation.participants.filter(email__in=own).update(is_verified=True)
