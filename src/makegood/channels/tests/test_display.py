"""Stored display forms of older rules are made again from the raw mail, and nothing of the mail is lost over it."""

from __future__ import annotations

import base64
import io
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from makegood.channels.display import renew_forms
from makegood.channels.models import RawMessage
from makegood.channels.parser.client import close_parser
from makegood.channels.tests.factories import read
from makegood.conversations.models import Message
from makegood.conversations.tests.factories import inbox
from makegood.text.sanitising import VERSION

pytestmark = pytest.mark.django_db
OLD = "<p onclick='x()'>Of older rules</p>"
DYING_ONCE = """
import socket, sys
from makegood.channels import wire
from makegood.channels.parser import process
listening = socket.socket(fileno=int(sys.argv[1]))
line, _ = listening.accept()
head, body = wire.receive(line)
wire.send(line, *process.ANSWERS[head["asked"]](head, body))
wire.receive(line)
line.close()
line, _ = listening.accept()
process.serve(line)
"""
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


def test_a_large_mail_whose_file_is_gone_is_cleaned_once_more_too() -> None:
    message = outdated("<p>One.</p>")
    RawMessage.objects.update(content=None, path="raw/gone")

    renew_forms(seconds=10)

    assert form_of(message)[::3] == ("<p>Of older rules</p>", VERSION)


def test_a_mail_over_which_every_parser_dies_is_shown_by_its_text_and_the_next_goes_on(tmp_path: Path) -> None:
    first, second = outdated("<p>One.</p>"), outdated("<p>Two.</p>", 2)
    RawMessage.objects.filter(pk=second.raw_id).update(content=None, path=str(tmp_path))  # no file: reading it ends us

    assert renew_forms(seconds=10) == 2

    assert form_of(second)[::3] == ("", 0)
    assert (second.text, form_of(first)[0]) == ("Two.", "<p>One.</p>")


def test_a_parser_that_is_stopped_over_a_mail_costs_it_nothing(dying_once: None) -> None:
    message = outdated("<p>One.</p>")

    assert renew_forms(seconds=10) == 1

    assert form_of(message)[::3] == ("<p>One.</p>", VERSION)


@pytest.fixture
def dying_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A parser behind a socket as `serve` has it, which reads the first mail it is given, and dies over the second."""
    address = str(tmp_path / "parser")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        given = [sys.executable, "-c", DYING_ONCE, str(listening.fileno())]
        with subprocess.Popen(given, pass_fds=[listening.fileno()]) as process:
            close_parser()
            monkeypatch.setenv("MAKEGOOD_PARSER", address)
            try:
                yield
            finally:
                process.kill()
                close_parser()


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
