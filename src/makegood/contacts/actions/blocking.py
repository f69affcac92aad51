"""A sender whom nobody wants to read: their mail goes to Spam until somebody thinks better of it."""

from __future__ import annotations

from makegood.contacts.events import ContactBlocked, ContactUnblocked
from makegood.contacts.models import Contact
from makegood.eventlog.events import Actor
from makegood.eventlog.recording import action, record


@action
def block(contact: Contact, *, by: Actor, conversation_id: int | None = None, scope: int | None = None) -> None:
    """`conversation_id` and `scope`: where it was decided, for the log. What is here already stays where it is."""
    if Contact.objects.filter(pk=contact.pk, is_blocked=False).update(is_blocked=True):
        contact.is_blocked = True
        record(ContactBlocked(contact_id=contact.pk, conversation_id=conversation_id, scope=scope), by=by)


@action
def unblock(contact: Contact, *, by: Actor, conversation_id: int | None = None, scope: int | None = None) -> None:
    """From now on; what came in between stays in Spam."""
    if Contact.objects.filter(pk=contact.pk, is_blocked=True).update(is_blocked=False):
        contact.is_blocked = False
        record(ContactUnblocked(contact_id=contact.pk, conversation_id=conversation_id, scope=scope), by=by)
