"""Who wrote: the contact behind an address."""

from __future__ import annotations

from django.db import IntegrityError, connection, transaction

from makegood.contacts.events import ContactMet
from makegood.contacts.models import Company, Contact, Handle
from makegood.database.inserting import insert
from makegood.eventlog.events import SYSTEM
from makegood.eventlog.recording import action, record


@action
def recognise(email: str, name: str = "", *, language: str = "") -> tuple[Contact, bool]:
    """The contact with this address, and whether they are new. A name once known is never changed by a mail."""
    value = email.lower()
    if known := _known(value):
        return known, False
    try:
        # SQLite has one writer, so nobody can come between; PostgreSQL needs a place to go back to.
        with transaction.atomic(savepoint=connection.vendor == "postgresql"):
            return _meet(value, name, language), True
    except IntegrityError:  # met at this moment by another worker
        met = _known(value)
        assert met is not None
        return met, False


def _known(value: str) -> Contact | None:
    """By hand: making the statement anew for every letter would cost more than running it."""
    found = Contact.objects.raw(
        "SELECT contact.* FROM contact JOIN contact_handle ON contact_handle.contact_id = contact.id"
        " WHERE contact_handle.kind = %s AND contact_handle.value = %s",
        [Handle.EMAIL, value],
    )
    return next(iter(found), None)


def _meet(value: str, name: str, language: str) -> Contact:
    company = Company.objects.filter(domain=value.rpartition("@")[2]).first()
    contact = insert(Contact(name=name[:200], company=company, language=language))
    insert(Handle(contact=contact, kind=Handle.EMAIL, value=value))
    record(ContactMet(contact_id=contact.pk), by=SYSTEM)
    return contact
