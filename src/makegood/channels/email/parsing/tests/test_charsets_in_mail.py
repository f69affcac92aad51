"""Traits 1 to 7: labels that lie, raw bytes in headers, encoded words that are wrong."""

from __future__ import annotations

import pytest

from makegood.channels.email.parsing.bodies import GUESSED
from makegood.channels.email.parsing.message import parse
from makegood.channels.email.parsing.tests.mails import bare, mail, read


def _plain(charset: str, text: bytes) -> bytes:
    return mail(f"Content-Type: text/plain; charset={charset}", body=text)


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("gb2312", "gb18030", "订单４７１１，朱镕基"),
        ("iso-8859-1", "cp1252", "It’s “fine” – 5 €"),
        ("ks_c_5601-1987", "cp949", "똠방각하 주문"),
        ("shift_jis", "cp932", "①番の商品、髙橋様"),
    ],
)
def test_a_label_is_read_as_its_superset(label: str, codec: str, text: str) -> None:
    incoming = parse(_plain(label, text.encode(codec)))

    assert incoming.text == text
    assert incoming.problems == []


@pytest.mark.parametrize("label", ["iso-gb2312", "X-GBK"])
def test_a_private_label_is_read_by_its_alias(label: str) -> None:
    assert parse(_plain(label, "订单没有到".encode("gb18030"))).text == "订单没有到"


@pytest.mark.parametrize("label", ["X-UNKNOWN", '""', "unicode_escape", "idna", "rot13", "zlib"])
def test_an_unknown_label_or_one_that_is_no_charset_is_guessed(label: str) -> None:
    assert parse(_plain(label, "Grüße \\x41".encode())).text == "Grüße \\x41"


def test_no_charset_and_8_bit_text_is_read_as_utf_8() -> None:
    assert read(body="Schöne Grüße").text == "Schöne Grüße"


def test_no_charset_and_bytes_that_are_not_utf_8_are_guessed_and_that_is_told() -> None:
    incoming = parse(mail(body="Schöne Grüße aus dem Süden, bitte rufen Sie mich zurück".encode("cp1252")))

    assert incoming.text == "Schöne Grüße aus dem Süden, bitte rufen Sie mich zurück"
    assert incoming.problems == [GUESSED]


def test_the_meta_tag_of_html_names_its_charset() -> None:
    html = '<html><head><meta charset="windows-1251"></head><p>Где мой заказ?</p>'.encode("cp1251")

    assert parse(mail("Content-Type: text/html", body=html)).text == "Где мой заказ?"


@pytest.mark.parametrize(
    ("codec", "text"),
    [("utf-8", "Grüße"), ("cp1252", "Grüße"), ("koi8-r", "Где мой заказ"), ("gb18030", "订单没有到")],
)
def test_raw_8_bit_header_is_read_by_utf_8_or_the_charset_of_the_body(codec: str, text: str) -> None:
    raw = bare(
        b"From: =?utf-8?q?Odile?= <odile@fenwick.example>",
        b"Subject: " + text.encode(codec),
        f"Content-Type: text/plain; charset={codec}",
        body=text.encode(codec),
    )

    assert parse(raw).subject == text


def test_no_lone_surrogate_leaves_a_raw_header() -> None:
    incoming = parse(bare(b"From: \xff\xfe <odile@fenwick.example>", b"Subject: \xed\xa0\x80 \xc3"))

    assert not any("\ud800" <= letter <= "\udfff" for letter in incoming.subject + incoming.shown_sender.name)


def test_a_word_of_iso_2022_jp_that_holds_shift_jis() -> None:
    subject = b"=?ISO-2022-JP?B?j6SVaYKqk82CqoLcgrmC8Q==?="  # cp932 bytes under a 7-bit label

    assert "商品" in parse(bare(b"Subject: " + subject)).subject


def test_a_letter_split_between_two_words() -> None:
    assert parse(bare("Subject: =?utf-8?b?R3LDvMM=?= =?utf-8?b?n2U=?=")).subject == "Grüße"


def test_one_base64_text_cut_into_words_without_regard_to_its_groups() -> None:
    assert parse(bare("Subject: =?utf-8?b?R3LDvM?= =?utf-8?b?OfZQ==?=")).subject == "Grüße"


def test_spaces_and_question_marks_inside_a_word() -> None:
    assert parse(bare("Subject: =?utf-8?q?Where is it?=3F Gr=C3=BC=C3=9Fe?=")).subject == "Where is it?? Grüße"


def test_several_charsets_in_one_name() -> None:
    raw = bare("From: =?utf-8?q?Od=C3=AFle?= =?iso-8859-1?q?_F=E9nwick?= <odile@fenwick.example>")

    assert parse(raw).shown_sender.name == "Odïle Fénwick"


def test_a_word_that_cannot_be_decoded_is_shown_raw() -> None:
    assert parse(bare("Subject: =?utf-8?b?!!!?= lamp")).subject == "=?utf-8?b?!!!?= lamp"


def test_iso_2022_jp_with_nec_characters_and_half_width_kana() -> None:
    body = b'\x1b$B-!-"-j\x1b(B \x1b(IJ]6\x1b(B'

    assert parse(_plain("iso-2022-jp", body)).text == "①②㈱ ﾊﾝｶ"


def test_utf_7_is_read_when_the_label_says_so() -> None:
    assert parse(_plain("utf-7", b"Gr+APwA3w-e")).text == "Grüße"


def test_utf_7_without_a_label_stays_as_it_is() -> None:
    assert parse(mail(body=b"+ADw-script+AD4-")).text == "+ADw-script+AD4-"


def test_utf_7_is_never_read_as_html() -> None:
    incoming = parse(mail("Content-Type: text/html; charset=utf-7", body=b"<p>+ADw-script+AD4-alert(1)</p>"))

    assert "<script" not in (incoming.html or "")
    assert incoming.text == "+ADw-script+AD4-alert(1)"
