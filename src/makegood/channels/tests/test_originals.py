"""The bytes of a message as they came, for those who may see it, and never as a page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from makegood.channels.parser.client import close_parser
from makegood.channels.tests.factories import read
from makegood.conversations.tests.factories import agent, inbox

pytestmark = pytest.mark.django_db
ENCRYPTED = b"""From: Odile Fenwick <odile@fenwick.example>\r
Message-ID: <sealed@fenwick.example>\r
Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b\r
\r
--b\r
Content-Type: application/pgp-encrypted\r
\r
Version: 1\r
--b\r
Content-Type: application/octet-stream; name=encrypted.asc\r
\r
-----BEGIN PGP MESSAGE-----\r
\r
hQEMA\r
-----END PGP MESSAGE-----\r
--b--\r
"""
CONTENT = b"From: a@x.example\r\n\r\n<script>1</script>\r\n"


@pytest.fixture(scope="module", autouse=True)
def _parser() -> Iterator[None]:
    yield
    close_parser()


def test_the_original_is_for_download_only(client: Client) -> None:
    client.force_login(agent())
    message = read(CONTENT, inbox())

    answer = client.get(reverse("original", args=[message.pk]))

    assert answer.content == CONTENT
    assert answer["Content-Disposition"] == f'attachment; filename="message-{message.pk}.eml"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Security-Policy"].startswith("default-src 'none';")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_the_original_in_another_inbox_does_not_exist(client: Client) -> None:
    client.force_login(agent())
    message = read(CONTENT, inbox("secret@quillfeather.example", "Secret", is_open_to_all=False))

    assert client.get(reverse("original", args=[message.pk])).status_code == 404


def test_an_encrypted_mail_is_shown_as_such_and_can_be_had_as_it_came(client: Client) -> None:
    client.force_login(agent())
    message = read(ENCRYPTED, inbox())

    page = client.get(reverse("conversation", args=[message.conversation_id])).content.decode()

    assert "This message is encrypted; Makegood does not decrypt it. The original is attached." in page
    assert (reverse("original", args=[message.pk]) in page, "encrypted.asc" in page) == (True, True)
    assert client.get(reverse("original", args=[message.pk])).content == ENCRYPTED
