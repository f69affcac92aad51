"""PostgreSQL keeps what is run again and again, and answers with it as before."""

from __future__ import annotations

import pytest
from django.db import DataError, connection, transaction

from makegood.contacts.models import Company, Contact
from makegood.database.inserting import insert
from makegood.database.preparing import prepared
from makegood.database.selecting import first
from makegood.eventlog.tests.threads import on_postgres

pytestmark = pytest.mark.django_db
KEPT = "SELECT statement FROM pg_prepared_statements WHERE statement LIKE 'INSERT INTO \"company\"%%'"


def company(number: int) -> Company:
    return insert(Company(name=f"Fenwick’s % {number} %s", domain=f"{number}.example"))


@on_postgres
def test_a_statement_is_kept_after_some_runs_and_stores_the_same() -> None:
    ids = [company(number).pk for number in range(9)]

    with connection.cursor() as cursor:
        cursor.execute(KEPT)
        assert len(cursor.fetchall()) == 1
    assert list(Company.objects.order_by("id").values_list("id", "name")) == [
        (id_, f"Fenwick’s % {number} %s") for number, id_ in enumerate(ids)
    ]


@on_postgres
def test_after_a_failure_it_is_kept_anew() -> None:
    for number in range(9):
        company(number)
    with pytest.raises(DataError), transaction.atomic():
        insert(Company(name="x" * 3000, domain="long.example"))

    assert [company(number).domain for number in range(9, 18)] == [f"{number}.example" for number in range(9, 18)]


def test_the_first_row_is_as_the_model_reads_it() -> None:
    for name in ("Odile", "Kofi"):
        Contact.objects.create(name=name)

    found = [first(Contact, "WHERE name = %s ORDER BY contact.id", [name]) for name in ("Kofi", "Ida", "Odile") * 3]

    there = {contact.name: contact for contact in Contact.objects.all()}
    assert found == [there["Kofi"], None, there["Odile"]] * 3
    assert [contact.created_at for contact in found if contact] == [
        there["Kofi"].created_at, there["Odile"].created_at,
    ] * 3  # fmt: skip
    assert not any(contact._state.adding for contact in found if contact)


def test_values_go_beside_the_words() -> None:
    with prepared() as cursor:
        for word in ("'; DROP TABLE contact; --", "%s", "", "🪔"):
            cursor.execute("SELECT CAST(%s AS text)", [word])
            assert cursor.fetchone() == (word,)
