"""Is this another service's mail with a code or a link to confirm (trust.md, section 2)?

Somebody may have registered there with our address, so that we would hand the proof on. Such mail has a machine's
sender and says plainly what it is; a person's mail is never one, whatever it quotes.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum

from makegood.channels.email.parsing import automatic
from makegood.channels.email.parsing import verification_words as words
from makegood.channels.email.parsing.addresses import domain_of
from makegood.channels.email.parsing.bounce_phrases import REPLY_PREFIX
from makegood.channels.email.parsing.fields import Fields
from makegood.channels.email.parsing.identity import is_same_or_below
from makegood.conversations.envelope import Incoming
from makegood.conversations.matching import token_of_message_id
from makegood.text.html import to_text

MAX_READ = 16 * 1024  # letters; the code stands at the top
MAX_HTML = 256 * 1024


class Sure(IntEnum):
    """How plainly words say that they bring a code or a link to confirm."""

    NOT = 0
    PERHAPS = 1
    PLAINLY = 2


# noreply@, account-security-noreply@, no.reply.7@; not moreply@.
_NO_REPLY = re.compile(
    r"(?<![^\W\d_])(?:no|do[-_.]?not|dont|nicht|ne[-_.]?pas|non|nao|niet|geen)[-_.]?"
    r"(?:reply|answer|respond|antworten|antwort|repondre|rispondere|responder|beantwoorden|antwoord)(?![^\W\d_])",
    re.I,
)
_MACHINE = re.compile(
    r"(?<![^\W\d_])(?:verif(?:y|ication)|confirm(?:ation)?|accounts?|security|auth|log-?in|sign-?(?:in|up)|register|registration"
    r"|notifications?|notify|mailer|automated|system|bounces?|konto|cuentas?|compte|conta)(?![^\W\d_])",
    re.I,
)
_LINK = re.compile(r"<?(?:https?://|www\.)[^\s<>\"]++>?", re.I)
_INVISIBLE = re.compile("[\u0300-\u036f\u00ad\u034f\u200b-\u200f\u2060\ufeff]")
_CODE = (
    r"(?<![\w/#@.,:€$£-])(?:[A-Za-z]-)?(?:\d{3}[ -]\d{3}|\d{4,8}|(?:\d ){3,7}\d|[A-Z0-9]{3,4}-[A-Z0-9]{3,4}"
    r"|(?=[A-Z]{0,8}\d)[A-Z\d]{5,9}|(?=[a-z]{0,8}\d)(?=\d{0,8}[a-z])[a-z\d]{5,9})(?![\w/@-]|[.,]\d| ?[€$£%])"
)
_AFTER_COLON = _CODE.replace("@.,:€", "@.,€")
_GAP = r"(?:[^.!?;\d]|\.(?=\w)|(?<!\d)\d{1,3}(?!\d)){0,80}?"
_PROVING = "|".join(words.PROVING_CODES)
_OTHERS = "|".join(words.OTHER_PROVING_CODES)
_TRADE_CODE = re.compile(rf"(?<!\w)(?:{words.TRADE_CODES})(?:[ -]|(?={words.ANY_CODE}))")


def _in_any_case(pattern: str) -> str:
    """Words are compared in lower case, codes as they stand."""
    return f"(?i:{pattern})"


_NAMES_CODE = re.compile(_in_any_case(rf"(?<!\w)(?:{_PROVING})(?!\w)"))
_NAMES_OTHER_CODE = re.compile(_in_any_case(rf"(?<!\w)(?:{_OTHERS})(?!\w)"))
_PROVING_CODE = re.compile(_in_any_case(rf"(?<!\w)(?:{_PROVING})(?!\w)") + _GAP + _AFTER_COLON)
_OTHER_CODE = re.compile(_in_any_case(rf"(?<!\w)(?:{_OTHERS})(?!\w)") + _GAP + _AFTER_COLON)
_CODE_IS_YOURS = re.compile(
    _AFTER_COLON
    + _in_any_case(
        rf" {{0,2}}(?:{words.IS}|[=–—-]) {{0,2}}(?:{words.YOUR}) [^.!?\n]{{0,60}}?(?:{words.ANY_CODE})(?!\w)"
    )
)
_YOUR_CODE = re.compile(
    _in_any_case(rf"(?<!\w)(?:{words.YOUR}) (?:[\w.&'-]{{1,30}} ){{0,3}}(?:{words.ANY_CODE})(?!\w)(?: (?:{words.IS}))?")
    + r"\s{0,6}:?\s{0,6}" + _AFTER_COLON
)  # fmt: skip
_YOUR_CODE_NAMED = re.compile(rf"(?:{words.YOUR}) (?:[\w.&'-]{{1,30}} ){{0,3}}(?:{words.ANY_CODE})(?!\w)")
_CODE_ALONE = re.compile(rf"^[ \t*]{{0,40}}{_CODE}[ \t*]{{0,40}}$", re.M)
_PRESS = re.compile(rf"(?<!\w)(?:{words.PRESS})(?!\w)")
_SENTENCE_END = re.compile(r"[.!?](?!\w)|\n\s{0,40}\n")


def is_verification(fields: Fields, incoming: Incoming) -> bool:
    """A no-reply sender whose words are plain; of another machine the subject must say it, too."""
    if token_of_message_id(incoming.message_id):
        return False  # a letter of this program
    no_reply = bool(_NO_REPLY.search(incoming.shown_sender.email.rpartition("@")[0]))
    if not no_reply and (REPLY_PREFIX.match(incoming.subject) or not _is_machine(fields, incoming)):
        return False
    subject = told_in_subject(incoming.subject)
    about_trade = subject is Sure.NOT and bool(words.TRADE.search(_folded(incoming.subject[:300]).lower()))
    body = told_in_text(f"{incoming.subject[:300]}.\n\n{incoming.text}", about_trade=about_trade)
    if incoming.html and body < Sure.PLAINLY:  # a plain text beside it may be a stub
        body = max(body, told_in_text(to_text(incoming.html[:MAX_HTML]), about_trade=about_trade))
    if not no_reply or _speaks_for_a_third(incoming):
        return subject is Sure.PLAINLY and body > Sure.NOT
    return body is Sure.PLAINLY or (subject is Sure.PLAINLY and body is Sure.PERHAPS)


def told_in_subject(subject: str) -> Sure:
    """What a subject says: the name of a code or of the deed."""
    folded = _folded(subject[:300])
    lower = folded.lower()
    if _CODE_IS_YOURS.search(folded) or _YOUR_CODE_NAMED.match(lower.strip()):
        return Sure.NOT if _TRADE_CODE.search(lower) else Sure.PLAINLY
    if _NAMES_CODE.search(lower):
        return Sure.PLAINLY
    if words.TRADE.search(lower):
        return Sure.NOT
    named = (_NAMES_OTHER_CODE, words.CONFIRM, words.DEEDS, words.SIGN_IN_LINK)
    return Sure.PLAINLY if any(pattern.search(lower) for pattern in named) else Sure.NOT


def told_in_text(text: str, *, about_trade: bool = False) -> Sure:
    """What the text says. `about_trade`: an order or invoice, which has codes and links of its own."""
    linked, links = _LINK.subn(" [link] ", text[:MAX_READ])
    folded = _folded(linked)
    lower = folded.lower()
    if _PROVING_CODE.search(folded):
        return Sure.PLAINLY
    if not about_trade and (_OTHER_CODE.search(folded) or (links and _says_where_to_confirm(lower))):
        return Sure.PLAINLY
    if links and (words.CONFIRM.search(lower) or words.SIGN_IN_LINK.search(lower)):
        return Sure.PERHAPS
    yours = _YOUR_CODE.search(folded) or _CODE_IS_YOURS.search(folded)
    if yours and not _TRADE_CODE.search(yours.group().lower()):
        return Sure.PERHAPS
    return Sure.PERHAPS if _CODE_ALONE.search(folded) else Sure.NOT


def _says_where_to_confirm(lower: str) -> bool:
    sentences = _SENTENCE_END.split(lower)
    return any(
        words.SIGN_IN_LINK.search(sentence)
        or (words.CONFIRM.search(sentence) and (_PRESS.search(sentence) or "[link]" in sentence))
        for sentence in sentences
    )


def _folded(text: str) -> str:
    """Without accents and invisible letters, with one kind of apostrophe and blank."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKD", text))
    return plain.replace("\u2019", "'").replace("\u2018", "'").replace("*", " ")


def _is_machine(fields: Fields, incoming: Incoming) -> bool:
    return bool(_MACHINE.search(incoming.shown_sender.email.rpartition("@")[0])) or automatic.is_bulk(fields, incoming)


def _speaks_for_a_third(incoming: Incoming) -> bool:
    """A contact form or shop: whoever stands in Reply-To has no domain in common with the sender."""
    own = domain_of(incoming.shown_sender.email)
    others = [domain_of(address.email) for address in incoming.reply_to]
    return any(not is_same_or_below(other, own) and not is_same_or_below(own, other) for other in others)
