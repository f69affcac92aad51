"""Who wrote: the contact behind an address."""

from __future__ import annotations

from makegood.contacts.events import ContactMet
from makegood.contacts.models import Company, Contact, Handle
from makegood.database.inserting import insert, insert_unless_known
from makegood.eventlog.events import SYSTEM
from makegood.eventlog.recording import action, record


@action
def recognise(email: str, name: str = "", *, language: str = "") -> tuple[Contact, bool]:
    """The contact with this address, and whether they are new. A name once known is never changed by a mail."""
    value = email.lower()
    if known := _known(value):
        return known, False
    company = _company_at(value.rpartition("@")[2])
    contact = insert(Contact(name=name[:200], company=company, language=language))
    if not insert_unless_known(Handle(contact=contact, kind=Handle.EMAIL, value=value)):
        contact.delete()  # met at this moment by another worker
        met = _known(value)
        assert met is not None
        return met, False
    record(ContactMet(contact_id=contact.pk), by=SYSTEM)
    return contact, True


def _known(value: str) -> Contact | None:
    """By hand: making the statement anew for every letter would cost more than running it."""
    found = Contact.objects.raw(
        "SELECT contact.* FROM contact JOIN contact_handle ON contact_handle.contact_id = contact.id"
        " WHERE contact_handle.kind = %s AND contact_handle.value = %s",
        [Handle.EMAIL, value],
    )
    return next(iter(found), None)


def _company_at(domain: str) -> Company | None:
    """By hand for the same reason."""
    found = Company.objects.raw("SELECT * FROM company WHERE domain = %s ORDER BY id LIMIT 1", [domain])
    return next(iter(found), None)
