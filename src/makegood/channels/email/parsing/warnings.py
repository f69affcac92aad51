"""What an agent should look at twice before believing who wrote: short codes, shown as short words by the page."""

from __future__ import annotations

import re
import unicodedata

from makegood.channels.email.parsing.addresses import domain_of
from makegood.channels.email.parsing.identity import is_same_or_below
from makegood.conversations.envelope import Incoming

REPLY_TO_ELSEWHERE = "reply_to_elsewhere"
NAME_HAS_ADDRESS = "name_has_address"
MIXED_SCRIPT_DOMAIN = "mixed_script_domain"
LOOKALIKE_DOMAIN = "lookalike_domain"
SEVERAL_SENDERS = "several_senders"
NO_SENDER = "no_sender"

_ADDRESS_IN_NAME = re.compile(r"[^\s<>()\"',;:@]{1,64}@[^\s<>()\"',;:@]{1,250}")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "HEBREW", "ARABIC", "CHEROKEE", "COPTIC", "GEORGIAN")
_EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO")
# Letters of other scripts that look like Latin ones (Unicode TS #39, the part that matters in host names).
_LATIN_LOOKALIKES = frozenset("аеорсухіјѕԁԛԝһӏґвкмнтгьзαοινκρτυχγωεηβμѵԍɡıɑᴠᴡᴢցոսօհⅼⅰⅴⅹ")


def of(incoming: Incoming) -> list[str]:
    """Codes for what is suspicious in who claims to write."""
    found = []
    shown = incoming.shown_sender
    if incoming.sender is None:
        found.append(SEVERAL_SENDERS if shown.email else NO_SENDER)
    if _answers_go_elsewhere(incoming):
        found.append(REPLY_TO_ELSEWHERE)
    if any(other.lower() != shown.email.lower() for other in _ADDRESS_IN_NAME.findall(_written(shown.name))):
        found.append(NAME_HAS_ADDRESS)
    labels = _labels(domain_of(shown.email))
    if any(_mixes_scripts(label) for label in labels):
        found.append(MIXED_SCRIPT_DOMAIN)
    elif any(_looks_latin(label) for label in labels):
        found.append(LOOKALIKE_DOMAIN)
    return found


def _written(name: str) -> str:
    """With one @ for the wide and the small one, which look the same."""
    return unicodedata.normalize("NFKC", name)


def _answers_go_elsewhere(incoming: Incoming) -> bool:
    """Reply-To in another domain than From; a host below or above the same domain is the same house."""
    own = domain_of(incoming.shown_sender.email)
    for address in incoming.reply_to:
        other = domain_of(address.email)
        if own and not is_same_or_below(other, own) and not is_same_or_below(own, other):
            return True
    return False


def _labels(domain: str) -> list[str]:
    return [_from_punycode(label) for label in domain.split(".")]


def _from_punycode(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label


def _mixes_scripts(label: str) -> bool:
    scripts = {_script(letter) for letter in label if letter.isalpha()} - {""}
    east_asian = scripts & set(_EAST_ASIAN)
    return len(scripts - east_asian) + bool(east_asian) > 1 and scripts - east_asian != {"LATIN"}


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "").partition(" ")[0]
    return name if name in _SCRIPTS or name in _EAST_ASIAN else ""


def _looks_latin(label: str) -> bool:
    """Every letter of a name in another script has a Latin twin."""
    letters = [letter for letter in label if letter.isalpha()]
    return bool(letters) and not label.isascii() and all(letter in _LATIN_LOOKALIKES for letter in letters)
