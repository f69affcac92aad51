"""Traits 24 and 25: which words are the message, whatever its parts, line ends and marks are like."""

from __future__ import annotations

import pytest

from makegood.channels.email.parsing import bodies, structure
from makegood.channels.email.parsing.message import parse
from makegood.channels.email.parsing.tests.mails import HEAD, mail, multipart, names, read

HTML = "Content-Type: text/html; charset=utf-8\n\n"
PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"


def test_the_plain_form_gives_the_text_and_the_html_form_what_is_shown() -> None:
    incoming = parse(multipart(PLAIN + "plain words", HTML + "<p>rich <b>words</b></p>", subtype="alternative"))

    assert incoming.text == "plain words"
    assert incoming.html == "<p>rich <b>words</b></p>"


def test_html_alone_gives_the_text_too() -> None:
    assert read("Content-Type: text/html", body="<p>rich <b>words</b></p>").text == "rich words"


def test_an_empty_plain_form_gives_way_to_html() -> None:
    assert parse(multipart(PLAIN + " \n", HTML + "<p>rich words</p>", subtype="alternative")).text == "rich words"


@pytest.mark.parametrize(
    "stub",
    [
        "Your mail client does not read HTML.",
        "This message is in HTML format and your e-mail program does not support it.",
        "Ihr E-Mail-Programm unterstützt kein HTML.",
    ],
)
def test_a_stub_in_plain_text_gives_way_to_html(stub: str) -> None:
    html = "<p>the lamp I bought last week does not burn any more, what shall I do with it now?</p>" * 2

    assert parse(multipart(PLAIN + stub, HTML + html, subtype="alternative")).text.startswith("the lamp I bought")


def test_several_texts_are_joined_in_their_order() -> None:
    assert parse(multipart(PLAIN + "first", HTML + "<p>second</p>", PLAIN + "third")).text == "first\n\nsecond\n\nthird"


def test_plain_words_beside_html_are_escaped_in_what_is_shown() -> None:
    html = parse(multipart(PLAIN + "a < b & c", HTML + "<p>second</p>")).html or ""

    assert "a &lt; b &amp; c" in html


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", b"\r\r\n"])
def test_every_kind_of_line_end_is_read(end: bytes) -> None:
    raw = multipart(PLAIN + "one\ntwo", "Content-Type: application/pdf; name=a.pdf\n\n%PDF").replace(b"\r\n", end)
    incoming = parse(raw)

    assert (incoming.subject, incoming.text.split(), names(incoming)) == ("Lamp", ["one", "two"], ["a.pdf"])


def test_a_missing_boundary_is_found_in_the_body() -> None:
    body = (
        "--lost\nContent-Type: text/plain\n\nwords\n--lost\nContent-Type: application/pdf; name=a.pdf\n\n%PDF\n--lost--"
    )
    incoming = read("Content-Type: multipart/mixed", body=body)

    assert (incoming.text, names(incoming), incoming.problems) == ("words", ["a.pdf"], [structure.NO_BOUNDARY])


def test_a_wrong_boundary_is_found_in_the_body() -> None:
    body = "--right\nContent-Type: text/plain\n\nwords\n--right--"
    incoming = read("Content-Type: multipart/mixed; boundary=wrong", body=body)

    assert (incoming.text, incoming.problems) == ("words", [structure.NO_BOUNDARY])


def test_parts_that_cannot_be_told_apart_are_shown_as_they_came() -> None:
    incoming = read("Content-Type: multipart/mixed; boundary=wrong", body="just words")

    assert (incoming.text, incoming.problems) == ("just words", [structure.NOT_DIVIDED])


def test_a_missing_last_boundary_loses_nothing() -> None:
    raw = mail(
        "Content-Type: multipart/mixed; boundary=b1", body="--b1\n\nwords\n--b1\nContent-Type: application/pdf\n\n%PDF"
    )

    assert parse(raw).files[0].content == b"%PDF"


def test_a_boundary_that_is_the_beginning_of_another_one() -> None:
    inner = 'Content-Type: multipart/alternative; boundary="b1b"\n\n--b1b\nContent-Type: text/plain\n\nwords\n--b1b--'

    assert parse(multipart(inner, "Content-Type: application/pdf\n\n%PDF")).text == "words"


def test_a_lost_blank_line_between_header_and_text() -> None:
    assert parse(HEAD + b"Good morning, where is my lamp?\r\nOdile").text == "Good morning, where is my lamp?\nOdile"


def test_a_senseless_line_within_the_header_is_skipped() -> None:
    raw = b"From: odile@fenwick.example\r\n!!! junk\r\nSubject: Lamp\r\n\r\nwords"

    assert (parse(raw).subject, parse(raw).text) == ("Lamp", "words")


def test_nul_bytes_are_replaced_everywhere() -> None:
    incoming = parse(b"From: O\0 <odile@fenwick.example>\r\nSubject: La\0mp\r\n\r\nwo\0rds")

    assert "\0" not in incoming.subject + incoming.shown_sender.name + incoming.text
    assert incoming.text == "wo\ufffdrds"


def test_hostile_html_is_sanitised_after_parsing() -> None:
    html = (
        '<base href="https://evil.example/"><!--[if mso]><script>1</script><![endif]-->'
        '<p onclick="x()">hi <a href="javascript:x">link</a></p><style>p{color:red}</style>'
    )
    shown = read("Content-Type: text/html", body=html).html or ""

    assert "hi" in shown
    assert not any(word in shown for word in ("<base", "<script", "onclick", "javascript", "<style"))


def test_a_megabyte_of_style_does_not_hide_the_words() -> None:
    html = "<html><head><style>" + "p { color: red }\n" * 65_000 + "</style></head><body><p>the words</p></body></html>"

    assert parse(mail("Content-Type: text/html", body=html)).text == "the words"


def test_too_long_a_text_is_cut_and_that_is_told() -> None:
    incoming = read(body="words " * 200_000)

    assert (len(incoming.text) <= bodies.MAX_TEXT, incoming.problems) == (True, [bodies.TEXT_CUT])


def test_parts_deeper_than_50_are_not_read_and_that_is_told() -> None:
    raw = HEAD
    for level in range(60):
        raw += b"Content-Type: multipart/mixed; boundary=n%d\r\n\r\n--n%d\r\n" % (level, level)
    incoming = parse(raw + b"\r\nwords")

    assert structure.TOO_DEEP in incoming.problems


def test_more_than_500_parts_are_cut_and_that_is_told() -> None:
    incoming = parse(multipart(*["Content-Type: application/pdf\n\n%PDF"] * 600))

    assert (len(incoming.files), incoming.problems) == (499, [structure.TOO_MANY])


def test_a_header_over_1_mib_is_cut_and_the_text_still_found() -> None:
    incoming = parse(HEAD + b"".join(b"X-Filler-%d: %s\r\n" % (n, b"x" * 1000) for n in range(1500)) + b"\r\nwords")

    assert (incoming.text, incoming.problems) == ("words", [structure.HEADER_CUT])


def test_a_reply_is_cut_by_the_marks_of_its_html() -> None:
    html = '<div>new words</div><div class="gmail_quote"><blockquote>old words</blockquote></div>'
    incoming = parse(multipart(PLAIN + "new words\n\n> old words", HTML + html, subtype="alternative"))

    assert incoming.reply_text == "new words"
    assert "old words" in incoming.text


def test_a_reply_in_plain_text_is_cut_at_its_quote() -> None:
    assert read(body="new words\n\n> old words").reply_text == "new words"
