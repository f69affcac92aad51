"""A form, a shop or a marketplace writes as itself; the customer stands in Reply-To."""

from __future__ import annotations

from makegood.contacts.events import ContactClearedOfForwarding, ContactMarkedForwarding
from makegood.contacts.models import Contact
from makegood.eventlog.events import Actor
from makegood.eventlog.recording import action, record


@action
def mark_forwarding(contact: Contact, *, by: Actor) -> None:
    """From now on the customer of this sender's mail is whoever Reply-To names."""
    if Contact.objects.filter(pk=contact.pk, forwards_for_customers=False).update(forwards_for_customers=True):
        contact.forwards_for_customers = True
        record(ContactMarkedForwarding(contact_id=contact.pk), by=by)


@action
def clear_of_forwarding(contact: Contact, *, by: Actor) -> None:
    """From now on this sender speaks for itself."""
    if Contact.objects.filter(pk=contact.pk, forwards_for_customers=True).update(forwards_for_customers=False):
        contact.forwards_for_customers = False
        record(ContactClearedOfForwarding(contact_id=contact.pk), by=by)
