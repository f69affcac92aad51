"""The ladder from bytes to text."""

from __future__ import annotations

import time

import pytest

from makegood.text import charsets, iso2022jp
from makegood.text.charsets import Decoded, decode


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("GB2312", "gb18030"), ("iso-gb2312", "gb18030"), ("X-GBK", "gb18030"), ("ISO-8859-1", "cp1252"),
        ("us-ascii", "utf-8"),
        ("ks_c_5601-1987", "cp949"), ("Shift_JIS", "cp932"), ("iso-2022-jp", "iso-2022-jp"), ("UTF8", "utf-8"),
        ("utf-8", "utf-8"),
        ("", ""), ("X-UNKNOWN", ""), ("idna", ""), ("zlib", ""), ("rot_13", ""), ("unicode_escape", ""),
        ("punycode", ""), ("hex", ""),
    ],
)  # fmt: skip
def test_only_real_charsets_are_known_and_by_their_superset(label: str, codec: str) -> None:
    assert charsets.known(label) == codec


def test_every_codec_of_the_table_exists() -> None:
    for codec in set(charsets.CHARSETS.values()):
        assert decode(b"", codec).text == ""
        if codec != "iso-2022-jp":
            "lamp".encode(codec)


def test_plain_ascii_needs_no_guess() -> None:
    assert decode(b"lamp") == Decoded("lamp", "utf-8", guessed=False)


def test_a_label_gb2312_is_read_as_gb18030() -> None:
    assert decode("朱镕基".encode("gbk"), "gb2312") == Decoded("朱镕基", "gb18030", guessed=False)


def test_utf_8_under_the_label_latin_1_is_read_as_utf_8_and_called_a_guess() -> None:
    assert decode("Grüße".encode(), "iso-8859-1") == Decoded("Grüße", "utf-8", guessed=True)


def test_latin_1_under_the_label_utf_8_is_guessed() -> None:
    assert decode("Schöne Grüße an alle".encode("cp1252"), "utf-8").guessed


def test_a_few_damaged_bytes_do_not_change_the_charset() -> None:
    text = "订单没有到，请帮我看看" * 20
    found = decode(text.encode()[:-1], "utf-8")

    assert found.charset.startswith("utf-8")
    assert found.text == text[:-1] + "\ufffd"


def test_a_hint_helps_where_nothing_else_says() -> None:
    assert decode("Где заказ".encode("koi8-r"), hint="koi8-r").text == "Где заказ"


def test_the_meta_tag_counts_for_html_only() -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>Где мой заказ</p>'.encode("koi8-r")

    assert "Где мой заказ" in decode(page, html=True).text


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_believed_and_taken_off(mark: str) -> None:
    assert decode("Grüße".encode(mark), "iso-8859-1").text == "Grüße"


def test_ascii_under_the_label_utf_16_is_ascii() -> None:
    assert decode(b"hello lamp", "utf-16").text == "hello lamp"


def test_nul_and_lone_surrogates_are_replaced() -> None:
    assert charsets.clean("a\0b\ud800c") == "a\ufffdb\ufffdc"
    assert decode(b"+2AA-", "utf-7").text.isprintable()


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1252", "Schöne Grüße aus dem Süden, bitte rufen Sie mich zurück"),
        ("cp1252", "Très bien, merci à vous"),
        ("cp1252", "Año nuevo, niño"),
        ("cp1251", "Счёт за октябрь не пришёл, проверьте пожалуйста"),
        ("gb18030", "请问我的订单什么时候发货？退款申请已经提交三天了"),
        ("cp932", "注文した商品がまだ届きません。よろしくお願いします。"),
        ("cp949", "주문한 상품이 아직 도착하지 않았습니다"),
    ],
)
def test_a_sentence_without_a_label_is_detected(codec: str, text: str) -> None:
    assert decode(text.encode(codec)) == Decoded(text, codec, guessed=True)


def test_iso_2022_jp_with_shift_jis_inside() -> None:
    assert decode("注文の品".encode("cp932"), "iso-2022-jp").text == "注文の品"


def test_iso_2022_jp_with_nec_characters_half_width_kana_and_jis_x_0212() -> None:
    assert iso2022jp.decode(b"\x1b$B-!-j\x1b(B \x1b(I1\x1b(B \x1b$(D\x22\x37\x1b(B") == "①㈱ ｱ ~"


def test_iso_2022_jp_whose_line_ends_without_the_closing_escape() -> None:
    assert iso2022jp.decode(b'\x1b$B$"\nab') == "あ\nab"


@pytest.mark.parametrize("damaged", [b"\x1b$B$", b"\x1b$Bab\xff", b"\x1b%G", b"\x0e\x0f", b"\x1b"])
def test_what_is_not_iso_2022_jp_is_refused(damaged: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        iso2022jp.decode(damaged)


@pytest.mark.parametrize(
    "unit", [b'\x1b$B$"\x1b(B', b"\xe4 ", b"\xff\xfe", b"<meta ", b"\x1b", "Где ".encode("koi8-r")]
)
def test_time_grows_no_faster_than_the_bytes(unit: bytes) -> None:
    def seconds(n: int) -> float:
        best = 9.0
        for _ in range(5):
            start = time.process_time()
            decode(unit * n, "iso-2022-jp", html=True)
            best = min(best, time.process_time() - start)
        return best

    small, middle, large = seconds(10_000), seconds(20_000), seconds(40_000)

    assert middle < 2.6 * small + 0.01
    assert large < 2.6 * middle + 0.01
