from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.text.language import guess, stems
from makegood.text.tests.timing import assert_linear

LETTERS = {
    "en": "Hello, my order has not arrived yet. Can you tell me where it is? Thank you.",
    "de": "Guten Tag, ich warte noch immer auf meine Bestellung. Können Sie mir bitte sagen, wo sie ist?",
    "fr": "Bonjour, je n’ai toujours pas reçu ma commande. Pouvez-vous me dire où elle est ? Merci.",
    "es": "Hola, todavía no he recibido mi pedido. ¿Me puede decir dónde está? Muchas gracias.",
    "pt": "Olá, ainda não recebi o meu pedido. Você pode me dizer onde ele está? Obrigado.",
    "it": "Buongiorno, non ho ancora ricevuto il mio ordine. Può dirmi dove si trova? Grazie.",
    "nl": "Goedendag, ik heb mijn bestelling nog niet ontvangen. Kunt u mij zeggen waar die is? Bedankt.",
    "da": "Hej, jeg har endnu ikke modtaget min ordre. Kan I fortælle mig, hvor den er? Tak.",
    "sv": "Hej, jag har ännu inte fått min order. Kan ni säga mig var den är? Tack.",
    "no": "Hei, jeg har ikke fått ordren min ennå. Kan dere si meg hvor den er? Takk.",
    "fi": "Hei, en ole vielä saanut tilaustani. Voitteko kertoa, missä se on? Kiitos, että autatte minua.",
    "pl": "Dzień dobry, jeszcze nie dostałem mojego zamówienia. Proszę powiedzieć, gdzie ono jest. Dziękuję.",
    "cs": "Dobrý den, ještě jsem nedostal svou objednávku. Prosím, řekněte mi, kde je. Děkuji.",
    "hu": "Jó napot, még nem kaptam meg a rendelésemet. Kérem, mondják meg, hogy hol van. Köszönöm.",
    "ro": "Bună ziua, încă nu am primit comanda. Îmi puteți spune unde este? Vă mulțumesc.",
    "tr": (
        "Merhaba, siparişim henüz gelmedi. Nerede olduğunu lütfen söyler misiniz? Çok teşekkürler, bu benim"
        " için önemli."
    ),
    "ru": "Здравствуйте, я ещё не получил мой заказ. Скажите, пожалуйста, где он? Спасибо.",
    "uk": "Доброго дня, моє замовлення ще не прийшло. Скажіть, будь ласка, де воно? Дякую.",
    "el": "Καλημέρα, δεν έχω λάβει ακόμη την παραγγελία μου.",
    "he": "שלום, עדיין לא קיבלתי את ההזמנה שלי.",
    "ar": "مرحبا، لم أستلم طلبي بعد.",
    "fa": "سلام، سفارش من هنوز نرسیده است. پیگیری کنید",
    "ja": "こんにちは、注文がまだ届きません。",
    "zh": "您好，我的订单还没有到。",
    "ko": "안녕하세요, 주문한 상품이 아직 도착하지 않았습니다.",
    "th": "สวัสดี ฉันยังไม่ได้รับคำสั่งซื้อ",
}


@pytest.mark.parametrize("language", LETTERS)
def test_a_letter_of_two_sentences_tells_its_language(language: str) -> None:
    assert guess(LETTERS[language]) == language


@pytest.mark.parametrize("text", ["", "ok", "4711", "Thanks!", "https://x.example/a", "xyzzy plugh", "😀😀😀😀"])
def test_too_little_tells_nothing(text: str) -> None:
    assert guess(text) == ""


def test_a_foreign_name_does_not_change_the_language() -> None:
    assert guess("Hello, my name is 田中さくら and the order that you sent has not come.") == "en"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The ORDERS were ordered, 4711", "en", "the order were order 4711"),
        ("Bestellungen bestellt", "de", "bestell bestellt"),
        ("commandé commande", "fr", "command command"),
        ("Café naïve", "", "cafe naive"),
        ("Cafe\u0301", "", "cafe"),
        ("注文 ABC", "ja", "注文 abc"),
        ("one", "xx", "one"),
        ("", "en", ""),
    ],
)
def test_words_become_stems_without_diacritics(text: str, language: str, expected: str) -> None:
    assert stems(text, language) == expected


def test_a_word_without_end_is_cut() -> None:
    assert len(stems("a" * 100_000, "en")) <= 64


def test_threads_do_not_share_stemmers() -> None:
    texts = [f"orders{number} ordering the parcels" for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: stems(text, "en"), texts)) == [stems(text, "en") for text in texts]


@given(st.text(st.characters(), max_size=300), st.sampled_from(["", "en", "de", "tr", "el", "fa", "xx"]))
def test_arbitrary_text_is_stemmed(text: str, language: str) -> None:
    guess(text)
    assert all(stems(text, language).split(" ")) or not stems(text, language)


@pytest.mark.parametrize("piece", ["one ", "a", "'", "a'", "é ", "注文", "\u0301", "ﷺ"])
def test_guessing_and_stemming_take_time_linear_in_the_text(piece: str) -> None:
    assert_linear(guess, piece, 50_000)
    assert_linear(lambda text: stems(text, "en"), piece, 50_000)
