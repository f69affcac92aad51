"""Which language a text is in, roughly, and the stems of its words: for search, not for linguists.

Other scripts tell by their letters; the Latin and Cyrillic languages by how many of their commonest words occur.
"""

import re
import threading
import unicodedata
from collections import Counter
from typing import Final

import Stemmer

_READ = 4_000
"""Characters looked at by `guess`; more do not make it surer."""
_LEAST_HITS = 3
_LEAST_SHARE = 0.12
_LEAD = 1.25
_LONGEST_WORD = 64
_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*+")
_TOKENS = re.compile(r"\w+")

_COMMON: Final[dict[str, frozenset[str]]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the and you your for with this that have not are was is it of to be on my we will would from please can"
        " has but they what there been order yet an or if at do does did hello thank thanks",
        "de": "der die das und ich nicht ist sie mit ein eine für auf von den dem wir haben habe wird werden auch noch"
        " bitte mir uns ihre ihr zu im es bei nach wie aber oder hallo danke wurde kann seit keine",
        "fr": "le la les des et vous je ne pas est une pour dans que qui votre nous mon ma ce cette avec sur au aux il"
        " merci bonjour plus du mais ou être ai avez été sont mes sans j'ai c'est n'est un",
        "es": "el la los las que y en no una por con para su se mi me es lo del pero hola gracias pedido muy ha he está"
        " como más sin este esta cuando también ustedes usted un al todavía puede",
        "pt": "o a os as que e em não uma por com para seu sua se meu minha me é do da dos das no na mas olá obrigado"
        " obrigada muito está como mais sem este esta quando também um ao foi você vocês ainda pode",
        "it": "il lo la gli le che e di non una per con suo sua si mio mia mi è del della dei delle nel ma ciao grazie"
        " molto sono come più senza questo questa quando anche un al ho ha buongiorno ancora può vorrei",
        "nl": "de het een en ik niet is van met voor op dat die zijn heb heeft maar ook nog wij u uw mijn naar bij aan"
        " te er als wat worden geen graag bedankt hallo kan wel om deze jullie",
        "da": "og det er at en den til på i jeg ikke som med af for har der de vi kan men om din mit min jer hej tak"
        " fra ved blev også meget hvad hvornår endnu nu mig skal",
        "sv": "och det är att en den till på i jag inte som med av för har de vi kan men om din mitt min er hej tack"
        " från vid blev också mycket vad när ännu nu mig ska ett",
        "no": "og det er å en den til på i jeg ikke som med av for har de vi kan men om din mitt min dere hei takk fra"
        " ved ble også mye hva når ennå nå meg skal et",
        "fi": "ja on ei se että en oli joka mutta minun olen kun niin kuin tämä ole mitä vielä hei kiitos teidän minä"
        " voi sitä ovat jos myös nyt tai ette",
        "pl": "i w nie na się z do że jest to jak ale po co tak za od czy dla mam był już proszę dziękuję dzień dobry"
        " jeszcze moje mój przez przy są tego które",
        "cs": "a je v na se že s do to jsem ale za jak si pro by už tak po ve jsme nebo prosím děkuji dobrý den ještě"
        " mi moje můj není které od při",
        "hu": "a az és hogy nem is egy van de meg ez volt már csak még kérem köszönöm jó napot én ha vagy mert nincs"
        " lesz kell szeretnék",
        "ro": "și de la nu în cu o pe un că este din pentru mai am dar a fost sunt vă mulțumesc bună ziua îmi care"
        " au încă această",
        "tr": "ve bir bu için ile de da ne çok ama daha gibi var yok ben merhaba teşekkürler lütfen değil mi kadar"
        " sonra olarak henüz siparişim",
        "ru": "и в не на я что с как это по но к у вы за от мы для из же мой мне есть уже ещё еще было пожалуйста"
        " спасибо здравствуйте заказ когда или",
        "uk": "і в не на я що з як це по але до у ви за від ми для із та мій мені є вже ще було будь ласка дякую"
        " доброго дня замовлення коли або",
    }.items()
}
_LANGUAGES_OF: Final[dict[str, list[str]]] = {}
for _language, _common in _COMMON.items():
    for _word in _common:
        _LANGUAGES_OF.setdefault(_word, []).append(_language)

_SCRIPTS: Final = (
    ("ja", "\u3040", "\u30ff"), ("ko", "\uac00", "\ud7a3"), ("zh", "\u4e00", "\u9fff"), ("el", "\u0370", "\u03ff"),
    ("he", "\u0590", "\u05ff"), ("ar", "\u0600", "\u06ff"), ("th", "\u0e00", "\u0e7f"), ("hi", "\u0900", "\u097f"),
    ("hy", "\u0530", "\u058f"), ("ka", "\u10a0", "\u10ff"), ("ta", "\u0b80", "\u0bff"),
)  # fmt: skip
"""Letters that tell a language; the order decides between those which share some (Japanese uses Chinese ones)."""
LANGUAGES: Final = tuple(sorted({*_COMMON, *(script[0] for script in _SCRIPTS), "fa"}))
"""What `guess` may answer."""
_PERSIAN = frozenset("پچژگ")
_LEAST_LETTERS = 4

_STEMMERS: Final = {
    "ar": "arabic", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "it": "italian",
    "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "fa": "persian",
}  # fmt: skip
_own = threading.local()


def guess(text: str) -> str:
    """The two-letter code (ISO 639-1) of the language of a text; "" when it is short or could be several."""
    text = text[:_READ]
    return _by_script(text) or _by_words(text)


def stems(text: str, language: str) -> str:
    """The stems of all words, in lower case and without diacritics, joined by blanks; for an index and for queries.

    For a language without a stemmer (and for "") the words themselves. Every word yields one stem.
    """
    words = [word[:_LONGEST_WORD] for word in _TOKENS.findall(unicodedata.normalize("NFC", text).lower())]
    stemmer = _stemmer(language)
    stemmed: list[str] = stemmer.stemWords(words) if stemmer is not None else words
    return _without_diacritics(" ".join(stemmed))


def _by_script(text: str) -> str:
    if text.isascii():
        return ""
    letters = [letter for letter in text if letter.isalpha()]
    foreign = [letter for letter in letters if letter > "\u036f"]
    if len(foreign) < _LEAST_LETTERS or len(foreign) * 4 < len(letters):
        return ""
    counts = {language: sum(first <= letter <= last for letter in foreign) for language, first, last in _SCRIPTS}
    if counts["ja"] * 10 >= len(foreign):
        return "ja"
    language, count = max(counts.items(), key=lambda item: item[1])
    if count * 2 < len(foreign):
        return ""
    return "fa" if language == "ar" and not _PERSIAN.isdisjoint(foreign) else language


def _by_words(text: str) -> str:
    words = _WORDS.findall(text.lower().replace("’", "'"))
    hits = Counter(language for word in words for language in _LANGUAGES_OF.get(word, ()))
    if not hits:
        return ""
    (best, most), *others = hits.most_common(2)
    second = others[0][1] if others else 0
    is_sure = most >= _LEAST_HITS and most >= len(words) * _LEAST_SHARE and most >= second * _LEAD
    return best if is_sure else ""


def _stemmer(language: str) -> Stemmer.Stemmer | None:
    """This thread's stemmer: they keep state while they work, and must not be shared."""
    algorithm = _STEMMERS.get(language)
    if algorithm is None:
        return None
    known: dict[str, Stemmer.Stemmer] = _own.__dict__.setdefault("known", {})
    if language not in known:
        known[language] = Stemmer.Stemmer(algorithm)
    return known[language]


def _without_diacritics(text: str) -> str:
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(letter for letter in decomposed if not "\u0300" <= letter <= "\u036f"))
