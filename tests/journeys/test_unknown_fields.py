"""Forms list their fields; what else is posted is answered with 400, and nothing is changed (trust.md, 5)."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.journeys.furnished import Furnished, client_of, furnish, tables_now
from tests.journeys.routes import ROLES, ROWS, in_words

pytestmark = pytest.mark.django_db(transaction=True)
ADMIN = ROLES.index("admin")
CLOSED = {"no", "none"}
POSTS = {name: answers[ADMIN] for method, name, *answers in ROWS if method == "POST"}


@pytest.fixture
def house() -> Furnished:
    return furnish()


@pytest.mark.parametrize("kind", ["field", "file"])
def test_a_field_that_no_form_lists_is_refused_everywhere(kind: str, house: Furnished) -> None:
    answers, changed = {}, []
    for name in POSTS:
        client, url = client_of(house.people["admin"]), reverse(name, kwargs=house.arguments.get(name))
        given = "1" if kind == "field" else SimpleUploadedFile("a.txt", b"words")
        before = tables_now()
        answers[name] = in_words(client.post(url, {"unheard_of": given}))
        if tables_now() != before:
            changed.append(name)

    expected = {name: word if word in CLOSED else "bad" for name, word in POSTS.items()}
    assert answers == expected
    assert changed == []


def test_a_known_form_with_one_field_more_changes_nothing(house: Furnished) -> None:
    client, url = client_of(house.people["agent"]), reverse("tags", kwargs=house.arguments["tags"])

    refused = client.post(url, {"name": "urgent", "role": "admin"})
    nothing_tagged = tables_now()
    taken = client.post(url, {"name": "urgent"})

    assert (refused.status_code, taken.status_code) == (400, 302)
    assert tables_now() != nothing_tagged


def test_whoever_was_signed_out_meanwhile_is_sent_to_sign_in(house: Furnished) -> None:
    answer = client_of(None).post(reverse("profile"), {"name": "Admin", "theme": "dark"})

    assert (answer.status_code, answer.headers["Location"].startswith("/accounts/login/")) == (302, True)
