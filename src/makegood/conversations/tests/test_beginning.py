"""A letter that begins a conversation, and the files on it."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from selectolax.lexbor import LexborHTMLParser, LexborNode

from makegood.agents.models import Agent
from makegood.conversations.actions.forwarding import forward
from makegood.conversations.envelope import IncomingFile
from makegood.conversations.models import Attachment, Message
from makegood.conversations.tests.factories import agent, come_in

pytestmark = pytest.mark.django_db
ADDRESS = "/conversations/new"


def opened(answer: HttpResponse) -> LexborHTMLParser:
    return LexborHTMLParser(answer.content)


def files(page: LexborHTMLParser) -> list[str]:
    return [tag.text(strip=True) for tag in page.css(".files .tag")]


def typed(page: LexborHTMLParser, **more: object) -> dict[str, object]:
    """The form's fields as a browser posts them."""
    fields: list[LexborNode] = page.css("form.card input:not([type=file]):not([name=csrfmiddlewaretoken])")
    return {
        **{str(field.attributes["name"]): field.attributes.get("value") or "" for field in fields},
        "inbox": page.css("option[selected]")[0].attributes["value"],
        "text": page.css("textarea")[0].text(),
        **more,
    }


def test_a_file_is_taken_off_before_the_letter_leaves_and_nothing_typed_is_lost(marisol: Agent) -> None:
    client = Client()
    client.force_login(marisol)
    came = (IncomingFile(name, "application/pdf", b"x") for name in ("invoice.pdf", "private.pdf"))
    page = opened(client.get(f"{ADDRESS}?draft={forward(come_in(files=tuple(came)), by=marisol).key}"))
    [private] = [button for button in page.css("[name=take_off]") if "private" in button.attributes["aria-label"]]

    more = SimpleUploadedFile("label.pdf", b"y", "application/pdf")
    given = typed(page, to="tax@books.example", take_off=private.attributes["value"], uploads=[more])
    taken = opened(client.post(ADDRESS, given))
    kept = typed(taken)
    client.post(ADDRESS, kept)

    assert (files(page), files(taken)) == (["invoice.pdf", "private.pdf"], ["invoice.pdf", "label.pdf"])
    assert (kept["to"], taken.css(".error")) == ("tax@books.example", [])
    letter = Message.objects.get(direction=Message.OUT)
    assert sorted(letter.attachments.values_list("file__name", flat=True)) == ["invoice.pdf", "label.pdf"]


def test_no_file_of_another_letter_is_taken_off(marisol: Agent) -> None:
    client = Client()
    client.force_login(marisol)
    file = IncomingFile("invoice.pdf", "application/pdf", b"x")
    page = opened(client.get(f"{ADDRESS}?draft={forward(come_in(files=(file,)), by=marisol).key}"))
    given = typed(page, take_off=page.css("[name=take_off]")[0].attributes["value"])

    client.force_login(agent("Jonas Pell"))

    assert client.post(ADDRESS, given).status_code == 404
    assert Attachment.objects.exclude(draft=None).count() == 1


@pytest.mark.parametrize("number", ["x", "", "12", str(uuid.UUID(int=1))])
def test_what_is_no_file_of_the_letter_is_not_found(marisol: Agent, number: str) -> None:
    client = Client()
    client.force_login(marisol)
    file = IncomingFile("invoice.pdf", "application/pdf", b"x")
    page = opened(client.get(f"{ADDRESS}?draft={forward(come_in(files=(file,)), by=marisol).key}"))

    assert client.post(ADDRESS, typed(page, take_off=number)).status_code == 404
    assert Attachment.objects.exclude(draft=None).count() == 1
