"""Whose words a message holds: the sender's, or those of the customer for whom a form or shop writes."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from makegood.agents.models import Agent
from makegood.contacts.actions.forwarding import mark_forwarding
from makegood.contacts.actions.recognising import recognise
from makegood.contacts.models import Contact
from makegood.conversations import on_behalf
from makegood.conversations.envelope import Address, Identity, Incoming
from makegood.conversations.posing import poses_as_staff
from makegood.database.selecting import kept
from makegood.eventlog.events import SYSTEM
from makegood.eventlog.recording import action, read_once
from makegood.inboxes.addresses import is_among
from makegood.inboxes.queries import own_addresses

NOTICED = ("staff_name", "first_contact")  # codes of warnings
NO_FORM = Address("", "")


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom the words are from. `shown` stands on the message; `address` is empty without one believable From.

    `via` is the form or shop that wrote for them.
    """

    contact: Contact
    shown: Address
    address: str
    identity: Identity
    via: Address = NO_FORM
    is_blocked: bool = False
    is_new: bool = False  # nobody here has heard of them


def warnings_of(sender: Sender) -> list[str]:
    """Codes of what an agent should know of them, beside what the parser saw in the mail. Our own inboxes are known."""
    poses = bool(sender.shown.name) and poses_as_staff(sender.shown.name, sender.shown.email, _staff())
    if not (poses or sender.is_new) or is_among(sender.shown.email, own_addresses()):
        return []
    return [code for code, holds in zip(NOTICED, (poses, sender.is_new), strict=True) if holds]


@read_once
@kept
def _staff() -> QuerySet[Agent, tuple[str, str]]:
    return Agent.objects.values_list("name", "email")


@action
def sender_of(incoming: Incoming) -> Sender:
    """The contact behind the one believable From; for a known form or shop, the one in Reply-To (a claim)."""
    if incoming.sender is None or not incoming.sender.email:
        # Without one believable address there is no identity; the words still get their conversation.
        nobody = Contact.objects.create(name=incoming.shown_sender.name[:200])
        return Sender(nobody, incoming.shown_sender, "", Identity.CLAIMED)
    contact, is_new = recognise(incoming.sender.email, incoming.sender.name, language=incoming.language)
    if is_new and incoming.reply_to and on_behalf.is_form(incoming.sender.email):
        mark_forwarding(contact, by=SYSTEM)
    customer = _customer_of(incoming, contact)
    if customer is None:
        blocked, email = contact.is_blocked, incoming.sender.email
        return Sender(contact, incoming.shown_sender, email, incoming.identity, is_blocked=blocked, is_new=is_new)
    via, blocked = incoming.shown_sender, contact.is_blocked
    contact, is_new = recognise(customer.email, customer.name, language=incoming.language)
    blocked = blocked or contact.is_blocked
    return Sender(contact, customer, customer.email, Identity.CLAIMED, via=via, is_blocked=blocked, is_new=is_new)


def _customer_of(incoming: Incoming, contact: Contact) -> Address | None:
    """For whom a form or shop writes; asked only of those that are known to."""
    if not contact.forwards_for_customers or not incoming.reply_to:
        return None
    return on_behalf.customer_of(incoming.shown_sender.email, incoming.reply_to, own_addresses())
