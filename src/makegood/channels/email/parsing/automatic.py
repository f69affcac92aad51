"""Did a machine write this? Automatic replies (RFC 3834 and what came before it), bulk mail and the server's spam mark.

A person's mail must hardly ever be taken for a machine's, so a subject decides alone only where it has the exact form
that programs give it; every other sign needs a second one.
"""

from __future__ import annotations

import re

from makegood.channels.email.parsing.addresses import domain_of
from makegood.channels.email.parsing.fields import Fields
from makegood.channels.email.parsing.identity import is_same_or_below
from makegood.conversations.envelope import Incoming, Kind

_NO = ("", "no", "none", "false", "0", "normal")
_REPLY_HEADERS = ("x-autoreply", "x-auto-reply", "x-autoreply-from", "x-auto-reply-from", "x-mail-autoreply",
                  "x-autorespond", "x-autoresponder", "x-autoresponse", "x-auto-responder", "x-vacation",
                  "x-out-of-office", "x-fc-machinegenerated")  # fmt: skip
_REPLY_PRECEDENCE = ("auto_reply", "auto-reply", "autoreply", "auto-replied")
_BULK_PRECEDENCE = ("bulk", "list", "junk", *_REPLY_PRECEDENCE)
_BULK_HEADERS = ("list-id", "list-unsubscribe", "list-post", "list-help", "feedback-id", "x-campaign", "x-mailing-list",
                 "x-csa-complaints", "x-mailchimp-campaign-id", "mailing-list")  # fmt: skip
_NO_REPLY = re.compile(
    r"(?:no|do[-_.]?not|dont|nicht|ne[-_.]?pas|non|nao)[-_.]?(?:reply|answer|respond|antworten|repondre|rispondere|responder)"
    r"|(?:noreply|no-reply|donotreply|mailer-daemon|bounces?|newsletter|notifications?)\b.*"
    r"|postmaster|listserv|majordomo|owner-.*|.*-request|.*-owner",  # RFC 3834, 2
    re.I,
)
_REPLYING = re.compile(
    r"\s*(?:re|aw|sv|vs|antw|rif|odp|ref|res|fw|fwd|wg|tr|rv|enc|vb|vl|doorst|回复|答复|转发|返信|回覆|轉寄)\s?(?:\[\d+\])?\s?[:：]",
    re.I,
)

# What programs put before the old subject. It decides alone when a colon, a bracket or the end follows.
_AUTOMATIC = (
    "automatic reply", "auto reply", "auto-reply", "autoreply", "auto response", "auto-response", "autoresponse",
    "automatic response", "automated reply", "automated response", "vacation reply", "vacation response",
    "out of office autoreply", "out of office auto-reply", "out of office reply", "out-of-office reply",
    "automatische antwort", "autom. antwort", "automatische antwortmail", "abwesenheitsnotiz",
    "automatische abwesenheitsnotiz", "abwesenheitsbenachrichtigung", "abwesenheitsmeldung", "abwesenheitsassistent",
    "automatische rückantwort", "automatische eingangsbestätigung",
    "réponse automatique", "reponse automatique", "réponse automatique d'absence", "message d'absence",
    "notification d'absence", "avis d'absence",
    "respuesta automática", "respuesta automatica", "resposta automática", "resposta automatica", "resposta automàtica",
    "risposta automatica", "avviso di assenza", "automatisch antwoord", "automatische beantwoording",
    "afwezigheidsbericht", "autosvar", "automatiskt svar", "automatisk svar", "frånvaromeddelande", "fraværsmelding",
    "fraværsbesked", "automaattinen vastaus", "poissaoloilmoitus", "automatyczna odpowiedź", "odpowiedź automatyczna",
    "autoodpowiedź", "automatická odpověď", "automatická odpoveď", "automatikus válasz", "răspuns automat",
    "raspuns automat", "автоматический ответ", "автоответ", "автоматична відповідь", "автоматичен отговор",
    "automatski odgovor", "samodejni odgovor", "otomatik yanıt", "otomatik cevap", "αυτόματη απάντηση",
    "自動応答", "自動返信", "不在通知", "自动回复", "自动答复", "自動回覆", "자동 회신", "자동회신", "자동 응답",
    "자동응답", "부재중 자동 응답", "رد تلقائي", "תשובה אוטומטית", "מענה אוטומטי", "balasan otomatis",
    "jawapan automatik",
    "trả lời tự động", "ตอบกลับอัตโนมัติ", "automātiskā atbilde", "automatinis atsakymas", "automaatne vastus",
)  # fmt: skip
# Words of absence that people write, too: they need a second sign.
_AWAY = (
    "out of office", "out of the office", "out-of-office", "ooo", "away from my", "away from the office", "on vacation",
    "on holiday", "on leave", "annual leave", "vacation", "currently unavailable", "i am away",
    "nicht im büro", "nicht im haus", "im urlaub", "abwesend", "abwesenheit", "außer haus", "nicht erreichbar",
    "absent", "absence", "en congé", "en vacances", "hors du bureau", "fuera de la oficina", "fuera de oficina",
    "ausente", "de vacaciones", "ausencia", "fora do escritório", "de férias", "ausência", "fuori sede",
    "fuori ufficio", "in ferie", "assente", "assenza", "niet op kantoor", "afwezig", "met vakantie", "op vakantie",
    "inte på kontoret", "på semester", "frånvarande", "semester", "ikke på kontoret", "på ferie", "fravær",
    "poissa", "lomalla", "poza biurem", "nieobecny", "nieobecność", "na urlopie", "urlop", "mimo kancelář", "dovolená",
    "na dovolené", "házon kívül", "szabadság", "concediu", "вне офиса", "нет на месте", "в отпуске", "отсутствую",
    "отпуск", "у відпустці", "ofis dışında", "izindeyim", "tatilde", "εκτός γραφείου", "σε άδεια", "不在", "休暇",
    "外出", "休假", "不在办公室", "不在辦公室", "휴가", "부재중",
    "خارج المكتب", "إجازة", "מחוץ למשרד", "בחופשה", "cuti",
)  # fmt: skip


def _any_of(phrases: tuple[str, ...]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))


_AUTOMATIC_SUBJECT = re.compile(rf"\s*[\[(*]?\s?(?:{_any_of(_AUTOMATIC)})\s?(?:[:：\])*|–—-]|\Z)", re.I)
_AUTOMATIC_WORDS = re.compile(rf"(?<!\w)(?:{_any_of(_AUTOMATIC)})", re.I)
_AWAY_SUBJECT = re.compile(rf"\s*[\[(*]?\s?(?:{_any_of(_AWAY)})\s?(?:[:：\])*!.]|\Z)", re.I)
_AWAY_WORDS = re.compile(rf"(?<!\w)(?:{_any_of(_AWAY)})", re.I)
_MACHINE_SENTENCE = re.compile(
    r"this is an? auto(?:mat(?:ed|ic))?[ -]?(?:generated )?(?:reply|response|message|e-?mail|answer)"
    r"|dies(?:e|es)? (?:e-?mail |nachricht )?(?:ist eine automatische|wurde automatisch)"
    r"|automatisch (?:generiert|erstellt)"
    r"|ceci est (?:une réponse|un message) automatique|respuesta automática|resposta automática|risposta automatica"
    r"|automatisch gegenereerd|automatiskt svar|automatisk svar|automatyczna odpowiedź|automatická odpověď"
    r"|これは自動|自動(?:送信|配信|返信)|系统自动|此(?:邮件|信)为自动|это автоматическ|자동으로 (?:발송|전송)",
    re.I,
)
_ABSENCE_SENTENCE = re.compile(
    r"\b(?:i(?:'m| am| will be|'ll be)|we are) (?:currently |now |presently )?(?:out of (?:the )?office|away"
    r"|on .{0,12}leave"
    r"|on (?:vacation|holiday)|travell?ing|unavailable)|\b(?:ich bin|wir sind)\b.{0,60}(?:nicht (?:im|erreichbar|am)"
    r"|urlaub|abwesend|außer haus)|\bje (?:suis|serai)\b.{0,30}(?:absent|congé|vacances)"
    r"|\b(?:estoy|estaré|me encuentro)\b.{0,30}(?:fuera|ausente|vacaciones)"
    r"|\b(?:estou|estarei)\b.{0,30}(?:fora|ausente|férias)|\b(?:sono|sarò)\b.{0,30}(?:assente|fuori|ferie)"
    r"|\bik ben\b.{0,40}(?:afwezig|niet (?:op|aanwezig)|vakantie)"
    r"|\bjag är\b.{0,40}(?:semester|inte på|frånvarande|ledig)"
    r"|\bjeg er\b.{0,40}(?:ferie|ikke på|fraværende)|\bolen\b.{0,30}(?:lomalla|poissa)"
    r"|\b(?:jestem|będę|przebywam)\b.{0,30}(?:nieobecn|urlop|poza)|\b(?:jsem|budu)\b.{0,30}(?:mimo|dovolen)"
    r"|\b(?:nem vagyok|szabadságon)\b|\bsunt\b.{0,20}(?:concediu|plecat)"
    r"|(?:я|мы)\b.{0,30}(?:отпуске|отсутств|вне офиса)"
    r"|izindeyim|ofis dışındayım|εκτός γραφείου|不在に(?:して|し)|休暇(?:をいただ|中|を頂)|出張中"
    r"|我.{0,10}(?:不在|休假|外出|出差)"
    r"|부재중입니다|휴가 ?중|أنا.{0,20}(?:إجازة|خارج المكتب)|אני.{0,20}(?:בחופשה|מחוץ למשרד)",
    re.I,
)


def is_auto_reply(fields: Fields, incoming: Incoming) -> bool:
    """Was this sent by a program in answer to a mail of ours (out of office, received with thanks)?"""
    submitted = fields.word("auto-submitted").partition(";")[0].strip()
    if submitted not in _NO:
        return submitted.startswith("auto-replied") or not _forwards_for_a_customer(incoming)
    if any(fields.word(name) not in _NO for name in _REPLY_HEADERS if name in fields):
        return True
    if any(fields.word(name) in _REPLY_PRECEDENCE for name in ("precedence", "x-precedence", "preference")):
        return True
    return _is_auto_reply_by_words(fields, incoming)


def is_bulk(fields: Fields, incoming: Incoming) -> bool:
    """Must no automatic answer go to this? Lists, newsletters, machines, no-reply senders, null return paths."""
    if incoming.kind is not Kind.MESSAGE or any(name in fields for name in _BULK_HEADERS):
        return True
    if fields.word("precedence") in _BULK_PRECEDENCE or fields.word("auto-submitted") not in _NO:
        return True
    if fields.word("x-auto-response-suppress") not in _NO or _has_null_return_path(fields):
        return True
    return bool(_NO_REPLY.fullmatch(incoming.shown_sender.email.partition("@")[0].partition("+")[0]))


def is_spam(fields: Fields) -> bool:
    """The receiving server's own judgement."""
    if any(
        fields.word(name).startswith(("yes", "true", "spam")) for name in ("x-spam-flag", "x-spam", "x-spam-status")
    ):
        return True
    level = fields.word("x-ms-exchange-organization-scl")
    return level.isdecimal() and int(level[:3]) >= 5


def _is_auto_reply_by_words(fields: Fields, incoming: Incoming) -> bool:
    subject = incoming.subject
    if _AUTOMATIC_SUBJECT.match(subject):
        return True
    signs = _weak_signs(fields)
    if _REPLYING.match(subject):
        return signs > 0 and _says_so(incoming)
    if signs and (_AUTOMATIC_WORDS.search(subject) or _AWAY_WORDS.search(subject)):
        return True
    if _AWAY_SUBJECT.match(subject) or _AUTOMATIC_WORDS.search(subject) or signs:
        return _says_so(incoming)
    return False


def _weak_signs(fields: Fields) -> int:
    """How many headers hint at a machine; none of them proves it."""
    is_list = any(name in fields for name in _BULK_HEADERS)
    return (
        (fields.word("x-auto-response-suppress") not in _NO)
        + (fields.word("precedence") in _BULK_PRECEDENCE and not is_list)
        + _has_null_return_path(fields)
        + ("x-ms-exchange-inbox-rules-loop" in fields or "x-loop" in fields)
    )


def _says_so(incoming: Incoming) -> bool:
    """Does the text say that somebody is away, or, in answer to a mail, that a machine wrote it?"""
    beginning = _beginning(incoming)
    if _ABSENCE_SENTENCE.search(beginning):
        return True
    answers = bool(incoming.in_reply_to or incoming.references or _REPLYING.match(incoming.subject))
    return answers and bool(_MACHINE_SENTENCE.search(beginning))


def _beginning(incoming: Incoming) -> str:
    return incoming.reply_text[:600]


def _has_null_return_path(fields: Fields) -> bool:
    return fields.word("return-path").replace(" ", "") == "<>"


def _forwards_for_a_customer(incoming: Incoming) -> bool:
    """A contact form or shop sends by itself, but the customer stands in Reply-To (trait 26)."""
    own = domain_of(incoming.shown_sender.email)
    others = [domain_of(address.email) for address in incoming.reply_to]
    return bool(others) and not incoming.in_reply_to and not any(is_same_or_below(other, own) for other in others)
