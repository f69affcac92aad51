"""Stored display forms of older rules are made again from the raw mail, and nothing of the mail is lost over it."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from makegood.channels.display import renew_forms
from makegood.channels.models import RawMessage
from makegood.channels.parser.client import Parser, ParserDied, close_parser
from makegood.channels.tests.factories import read
from makegood.conversations.models import Message
from makegood.conversations.tests.factories import inbox
from makegood.text.sanitising import VERSION

pytestmark = pytest.mark.django_db
OLD = "<p onclick='x()'>Of older rules</p>"
LAYOUT = '<table><tr><td style="color: red">The pole cracked.</td></tr></table>'


@pytest.fixture(scope="module", autouse=True)
def _parser() -> Iterator[None]:
    yield
    close_parser()


def picture() -> str:
    target = io.BytesIO()
    Image.new("RGB", (4, 4), "#c8281e").save(target, "PNG")
    return base64.b64encode(target.getvalue()).decode()


def mail(html: str, number: int = 1) -> bytes:
    """HTML with a picture of its own, which `cid:pole` names."""
    head = (
        "From: Odile Fenwick <odile@fenwick.example>", "To: care@quillfeather.example", "Subject: Tent",
        f"Message-ID: <form{number}@fenwick.example>", "MIME-Version: 1.0",
        'Content-Type: multipart/related; boundary="b"', "", "--b", "Content-Type: text/html; charset=utf-8", "", html,
        "--b", "Content-Type: image/png", "Content-Transfer-Encoding: base64", "Content-ID: <pole>", "", picture(),
        "--b--", "",
    )  # fmt: skip
    return "\r\n".join(head).encode()


def outdated(html: str, number: int = 1, form: str = OLD) -> Message:
    """Read long ago, by older rules."""
    message = read(mail(html, number), inbox())
    older = {"html": form, "html_version": VERSION - 1, "has_remote_images": None, "html_is_plain": True}
    Message.objects.filter(pk=message.pk).update(**older)
    return message


def form_of(message: Message) -> tuple[str, bool, bool | None, int]:
    message.refresh_from_db()
    return message.html, message.html_is_plain, message.has_remote_images, message.html_version


def test_a_form_of_older_rules_is_made_as_it_would_be_made_today() -> None:
    html = LAYOUT + '<img src="cid:pole" alt="The pole"><img src="https://host.example/dot.gif">'
    today = form_of(read(mail(html, 2), inbox()))
    message = outdated(html)

    assert renew_forms(seconds=10) == 1

    (file,) = message.attachments.values_list("file_id", flat=True)
    renewed = form_of(message)
    assert reverse("file", args=[file]) in renewed[0]
    assert (renewed[0].replace(str(file), ""), *renewed[1:3]) == (_without_file(today[0]), False, True)
    assert renewed[3] == today[3] == VERSION


def _without_file(html: str) -> str:
    begin, _, rest = html.partition("/files/")
    return f"{begin}/files/{rest[36:]}"


def test_a_plain_letter_stays_plain() -> None:
    message = outdated("<p>The pole cracked.</p>")

    renew_forms(seconds=10)

    assert form_of(message) == ("<p>The pole cracked.</p>", True, False, VERSION)


def test_a_mail_whose_bytes_are_gone_is_cleaned_once_more() -> None:
    message = outdated(LAYOUT, form=LAYOUT + "<script>x()</script><p onclick='x()'>Words</p>")
    RawMessage.objects.all().delete()

    renew_forms(seconds=10)

    html, plain, _, version = form_of(message)
    assert "<p>Words</p>" in html
    assert "x()" not in html
    assert (plain, version) == (False, VERSION)


def test_a_mail_that_kills_the_parser_is_shown_by_its_text_and_the_next_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = outdated("<p>One.</p>"), outdated("<p>Two.</p>", 2)
    ask = Parser.shown_again

    def dying(self: Parser, kind: str, content: bytes, *rest: object, **more: object) -> object:
        if b"Two." in content:
            raise ParserDied
        return ask(self, kind, content, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Parser, "shown_again", dying)

    assert renew_forms(seconds=10) == 2

    assert form_of(second)[::3] == ("", 0)
    assert (second.text, form_of(first)[0]) == ("Two.", "<p>One.</p>")


def test_the_newest_come_first_and_what_time_does_not_allow_waits() -> None:
    first, second = outdated("<p>One.</p>"), outdated("<p>Two.</p>", 2)

    assert renew_forms(seconds=0) == 1

    assert [form_of(message)[3] for message in (first, second)] == [VERSION - 1, VERSION]


def test_when_there_are_none_it_is_one_cheap_question() -> None:
    read(mail(LAYOUT), inbox())

    with CaptureQueriesContext(connection) as asked:
        assert renew_forms(seconds=10) == 0

    (question,) = asked.captured_queries
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + question["sql"])
            assert "message_form" in str(cursor.fetchall())
