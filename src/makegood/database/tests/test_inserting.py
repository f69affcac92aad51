"""A row that `insert` stores is the row that `save` would have stored."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.forms.models import model_to_dict

from makegood.contacts.models import Company, Contact, Handle
from makegood.conversations.models import Conversation, Message
from makegood.database.inserting import insert, insert_unless_known
from makegood.files.models import StoredFile
from makegood.inboxes.models import Inbox

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 9, 30, 15, 123456, tzinfo=UTC)


def rows() -> list[Model]:
    care = Inbox.objects.create(name="Care", address="care@quillfeather.example")
    odile = Contact.objects.create(name="Odile Fenwick")
    talk = Conversation.objects.create(inbox=care, contact=odile, created_at=AT, last_at=AT)
    return [
        Company(name="Fenwick’s", domain="fenwick.example"),
        Contact(name="Ødile \x7f “quoted” % %s", language="de"),
        Handle(contact=odile, value="odile@fenwick.example", is_verified=True),
        Conversation(inbox=care, contact=odile, subject="x" * 300, created_at=AT, last_at=AT, promise_due_at=AT),
        Message(
            conversation=talk, inbox=care, direction="in", to=[["Ödile", "o@f.example"]], warnings=["no_sender"], at=AT,
            text="%s\n\u0001 🪔", key=uuid.uuid4(), raw_id=None,
        ),
        StoredFile(name="pole.pdf", content_type="application/pdf", size=2**40, sha256="0" * 64, created_at=AT),
    ]  # fmt: skip


def test_every_kind_of_column_reads_back_as_it_was_given() -> None:
    for row in rows():
        given = model_to_dict(row)
        stored = insert(row)

        kept = type(row)._default_manager.get(pk=stored.pk)
        del given[kept._meta.pk.name if kept._meta.pk.name in given else next(iter(given))]
        assert {name: value for name, value in model_to_dict(kept).items() if name in given} == given
        assert not row._state.adding


def test_times_that_a_row_gets_by_itself_are_set() -> None:
    contact = insert(Contact(name="Odile"))

    assert Contact.objects.get(pk=contact.pk).created_at == contact.created_at


def test_what_the_database_computes_is_left_to_it() -> None:
    talk = rows()[3]
    insert(talk)

    assert Conversation.objects.get(pk=talk.pk).next_due_at == AT


def test_a_row_that_is_there_already_is_refused() -> None:
    contact = insert(Contact(name="Odile"))
    insert(Handle(contact=contact, value="odile@fenwick.example"))

    with pytest.raises(IntegrityError):
        insert(Handle(contact=contact, value="odile@fenwick.example"))


def test_what_is_known_already_is_left_as_it_is_and_rolls_nothing_back() -> None:
    odile, kofi = Contact.objects.create(name="Odile"), Contact.objects.create(name="Kofi")
    with transaction.atomic():
        outcomes = [
            insert_unless_known(Handle(contact=contact, value="odile@fenwick.example")) for contact in (odile, kofi)
        ]

    assert outcomes == [True, False]
    assert [handle.contact for handle in Handle.objects.all()] == [odile]


def test_a_row_with_a_key_of_its_own_is_known_by_it() -> None:
    file = StoredFile(name="pole.pdf", content_type="application/pdf", size=1, sha256="0" * 64, created_at=AT)

    assert [insert_unless_known(file), insert_unless_known(file)] == [True, False]
