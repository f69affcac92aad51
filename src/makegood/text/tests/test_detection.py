"""Short texts without a label, in the charsets that mail is still written in."""

from __future__ import annotations

import time

from makegood.text.detection import likeliest

TEXTS = {
    "koi8-r": ["Привет, как дела?", "Счёт за октябрь не пришёл, проверьте пожалуйста. Спасибо!", "Где мой заказ"],
    "cp1251": ["Привет, как дела?", "Счёт за октябрь не пришёл, проверьте пожалуйста.", "Заказ"],
    "gbk": ["您好", "请问我的订单什么时候发货?", "退款申请已经提交三天了", "订单没有到", "关于发票的问题"],
    "cp932": ["お世話になっております", "注文した商品が届きません。", "請求書の件"],
    "euc_jp": ["お世話になっております", "注文した商品が届きません。", "請求書の件"],
    "cp949": ["안녕하세요", "주문한 상품이 아직 도착하지 않았습니다"],
    "cp950": ["您好", "請問我的訂單什麼時候出貨?", "退款申請"],
    "cp1252": ["Grüße", "Très bien, merci à vous", "ñandú", "Año nuevo, niño", "Où êtes-vous ?", "Smörgås på bordet"],
    "cp1250": ["Dziękuję bardzo", "Příliš žluťoučký kůň", "Köszönöm szépen, üdvözlettel", "Proszę o zwrot pieniędzy"],
    "cp1253": ["Καλημέρα σας", "Ευχαριστώ πολύ"],
    "cp1254": ["Teşekkür ederim, iyi günler", "Sipariş nerede, ığdır"],
    "cp1255": ["שלום רב", "איפה ההזמנה שלי?"],
    "cp1256": ["السلام عليكم ورحمة الله", "أين طلبي"],
    "cp874": ["สวัสดีครับ", "ยังไม่ได้รับสินค้า"],
}


def test_at_least_nineteen_of_twenty_short_texts_are_read_right() -> None:
    written = [(text, text.encode(codec)) for codec, texts in TEXTS.items() for text in texts]

    right = sum(bool(codec := likeliest(raw)) and raw.decode(codec) == text for text, raw in written)

    assert right >= len(written) * 0.95


def test_ascii_and_noise_have_no_charset() -> None:
    assert likeliest(b"lamp") == ""
    assert likeliest(bytes(range(128, 256))) == ""


def test_a_sample_that_ends_within_a_letter_is_read() -> None:
    assert likeliest("注文した商品が届きません".encode("euc_jp")[:-1]) == "euc_jp"


def test_time_does_not_grow_with_the_sample() -> None:
    start = time.process_time()
    for unit in (b"\xe4", b"\xb0\xa1", b"\x88\x9f", b"a\xff"):
        likeliest(unit * 100_000)

    assert time.process_time() - start < 0.2
