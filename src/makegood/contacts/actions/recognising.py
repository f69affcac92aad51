"""Who wrote: the contact behind an address."""

from __future__ import annotations

from makegood.contacts.events import ContactMet
from makegood.contacts.models import Company, Contact, Handle
from makegood.database.inserting import insert, insert_unless_known
from makegood.database.selecting import first
from makegood.eventlog.events import SYSTEM
from makegood.eventlog.recording import action, read_once, record


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
    with_handle = "JOIN contact_handle ON contact_handle.contact_id = contact.id"
    here = f"{with_handle} WHERE contact_handle.kind = %s AND contact_handle.value = %s"
    return first(Contact, here, [Handle.EMAIL, value])


@read_once
def _company_at(domain: str) -> Company | None:
    return first(Company, "WHERE company.domain = %s ORDER BY company.id", [domain])
