"""Where a signature begins: by a mark ("-- "), by a telephone's line, by a closing with a short block after it.

The rule on doubt: what a person may have written for this letter stays. So "Thanks!", "Sincerely," and "-Odile" stay,
and so does what follows a lone "—"; "Regards," and the card below it go, unless real sentences follow.
"""

import re
from collections.abc import Sequence

from makegood.text.signature_words import (
    CLOSINGS,
    DEVICE_BEGINNINGS,
    DEVICE_ENDINGS,
    DEVICE_OPENINGS,
    DEVICES,
    DISCLAIMERS,
    LEGAL,
    OWN,
)

_DELIMITERS = frozenset(("--", "- -", "–-", "-–"))
_SOFT_DELIMITERS = frozenset("_=+-*")
_END_MARKS = " \t\u00a0,.!?;:*_-–—)！，。~"
_WORD = re.compile(r"\w+")
_LONGEST_CARD_LINES = 14
_LONGEST_CARD_WORDS = 12
_LONGEST_DEVICE_WORDS = 11
_MOST_DEVICE_WORDS = 4
_LONGEST_NAME_WORDS = 6
_SHORTEST_RULE = {"_": 2, "-": 3}


def is_delimiter(line: str) -> bool:
    """Whether a stripped line is the signature mark "-- " of RFC 3676, or one that has lost its blank."""
    return line in _DELIMITERS


def is_device_line(line: str) -> bool:
    """Whether a stripped line is "Sent from my telephone" in one of many languages, and not a sentence about it."""
    if not 4 <= len(line) <= 160:
        return False
    line, has_link, _ = line.strip(" *_[]\u00a0").partition("<")
    says = line.casefold().rstrip(" .!")
    if len(says.split()) > _LONGEST_DEVICE_WORDS or any(mark in says for mark in (", ", "? ", "! ", "; ")):
        return False
    if says.endswith(DEVICE_ENDINGS):
        return says.startswith(DEVICE_OPENINGS) or any(device in says for device in DEVICES)
    begins = next((phrase for phrase in DEVICE_BEGINNINGS if says.startswith(phrase)), None)
    return begins is not None and (bool(has_link) or _names_device(line[len(begins) :].split()[:_MOST_DEVICE_WORDS]))


def _names_device(words: Sequence[str]) -> bool:
    """Whether words name a telephone or a program: one that is known, or what "my" says of a name with a capital."""
    for at, word in enumerate(words):
        folded = word.casefold()
        if folded.startswith(DEVICES) or (not word.isascii() and any(device in folded for device in DEVICES)):
            return True
        if folded in OWN and at + 1 < len(words) and words[at + 1] != words[at + 1].lower():
            return True
    return False


def may_start_card(line: str) -> bool:
    """Whether a stripped line is a closing, a rule or the small print of a company."""
    if not line or len(line) > 60:
        return is_disclaimer(line)
    return (
        is_rule(line) or line.startswith("-- ") or line.casefold().strip(_END_MARKS) in CLOSINGS or is_disclaimer(line)
    )


def starts_card(lines: Sequence[str], start: int, end: int) -> bool:
    """Whether nothing but a short card stands between a line that `may_start_card` and the `end` of the words."""
    line = lines[start].strip()
    stands_alone = start > 0 and not lines[start - 1].strip()
    if is_disclaimer(line):
        return stands_alone and any(word in " ".join(lines[start : start + 2]).casefold() for word in LEGAL)
    if line.startswith("-- "):
        return (
            stands_alone
            and len(line.split()) <= _LONGEST_NAME_WORDS
            and not any(map(str.strip, lines[start + 1 : end]))
        )
    if is_rule(line) and (not stands_alone or len(line) < _SHORTEST_RULE.get(line[0], len(line) + 1)):
        return False
    return _is_card(lines[start + 1 : end])


def is_disclaimer(line: str) -> bool:
    """Whether a stripped line begins like the small print of a company."""
    return line[:60].casefold().lstrip("*_ ").startswith(DISCLAIMERS)


def is_rule(line: str) -> bool:
    """Whether a stripped line is nothing but a row of one mark: "____", "====", "-----"."""
    return len(line) > 1 and line[0] in _SOFT_DELIMITERS and not line.strip(line[0])


def _is_card(lines: Sequence[str]) -> bool:
    """A name, a company, telephone numbers: few and short lines, none a sentence. Nothing at all is one, too."""
    filled = [line.strip() for line in lines if line.strip()]
    for index, line in enumerate(filled):
        if is_disclaimer(line):
            return True
        if index >= _LONGEST_CARD_LINES or not (is_rule(line) or _is_card_line(line)):
            return False
    return True


def _is_card_line(line: str) -> bool:
    if line.startswith((">", "PS", "P.S", "P.s", "NB", "- ", "* ", "• ")):
        return False
    if "@" in line or "//" in line:
        return True
    words = len(_WORD.findall(line[:400]))
    return (
        words <= _LONGEST_CARD_WORDS and not line.endswith(("?", "!", "…")) and not (words > 6 and line.endswith("."))
    )
