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
