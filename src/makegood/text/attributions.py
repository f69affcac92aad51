"""Where a quoted message begins: the lines which a mail program writes above it.

Four shapes: a sentence ("On 3 Nov 2025, Odile Fenwick wrote:"), the fields of its head ("From: … Sent: … Subject: …"),
a title between dashes ("-----Original Message-----"), and a help desk's own line. All by prefixes, suffixes and small
sets of words; every line is looked at a bounded number of times.
"""

import re
from collections.abc import Sequence

from makegood.text.quote_words import (
    CUT_HERE,
    FIELDS,
    FORWARDS,
    LONGEST_FIELD,
    MARKERS,
    OPENERS,
    PRONOUNS,
    QUOTING,
    WROTE,
    WROTE_INSIDE,
)

_MOST_LINES = 5
_MOST_LETTERS = 400
_MOST_FIELD_LINES = 14
_MOST_NAME_WORDS = 6

_TIME = re.compile(r"(?<!\d)\d{1,2} ?[:.h時点시] ?\d{2}(?!\d)")
_DATE = re.compile(r"(?<!\d)(?:(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\d{1,2}(?!\d))")
_UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_EDGES = " \t\u00a0>*_|"
_DASHES = "-—–_=*~# \t\u00a0"
_COLONS = (":", "：")
_ENCLOSED = (">", ")", "]", '"', "'")


def attribution_end(lines: Sequence[str], start: int) -> int | None:
    """The index after the attribution that begins with line `start`, or None when none begins there."""
    line = bare(lines[start])
    if not line or len(line) > _MOST_LETTERS:
        return None
    if is_marker(line):
        return start + 1
    if ":" in line or "：" in line:
        end = _fields_end(lines, start, line)
        if end is not None:
            return end
    return _sentence_end(lines, start, line)


def bare(line: str) -> str:
    """A line without quote marks, emphasis and blanks around it, and without marks of direction."""
    line = line.strip(_EDGES)
    return line if line.isascii() else _UNSEEN.sub("", line).strip(_EDGES)


def is_marker(line: str) -> bool:
    """Whether a line is a title above a quoted message; a `bare` line is expected."""
    words = line.strip(_DASHES).casefold()
    if words in CUT_HERE:
        return True
    if words.startswith(FORWARDS):
        return words.endswith(_COLONS) or len(words) < 60
    if line[:2].strip("-–—_=*") or len(line) > 120:
        return False
    return words.rstrip(":. ") in MARKERS or words.startswith(("forwarded by ", "forwarded message from "))


def _fields_end(lines: Sequence[str], start: int, first: str) -> int | None:
    """The end of a block of fields; None when there are too few of them to be a message's head."""
    role = _role(first)
    if role not in ("from", "sent"):
        return None
    roles = {role, *_roles_inside(first)}
    has_address = "@" in first
    end = start + 1
    blanks = 0
    for index in range(start + 1, min(start + _MOST_FIELD_LINES, len(lines))):
        line = bare(lines[index])
        role = _role(line) if line else None
        if role:
            roles.update((role, *_roles_inside(line)))
            end, blanks = index + 1, 0
        elif not line:
            blanks += 1
            if blanks > 1 or len(roles) > 2:
                break
        elif blanks or len(line) > _MOST_LETTERS:
            break
        has_address = has_address or "@" in line
    return end if _is_head(roles, first, has_address=has_address) else None


def _is_head(roles: set[str], first: str, *, has_address: bool) -> bool:
    """Whether fields are enough for a message's head: a journey has From, To and Date, too, but no address."""
    if len(roles) > 2:
        return has_address or "subject" in roles
    if len(roles) == 2:
        return has_address and "to" not in roles
    return "from" in roles and "@" in first and first.rstrip("* ").endswith((">", "]"))


def _role(line: str) -> str | None:
    """Which field of a message's head a line is."""
    head, colon, _ = line[: LONGEST_FIELD + 4].replace("：", ":", 1).partition(":")
    return FIELDS.get(head.strip(" *_\t\u00a0").casefold()) if colon else None


def _roles_inside(line: str) -> list[str]:
    """Fields that follow the first in the same line, as programs write them that lose line ends."""
    roles = []
    for part in line.split(":")[1:-1][:10]:
        words = part.rstrip(" *\u00a0").rsplit(maxsplit=1)
        role = FIELDS.get(words[-1].casefold()) if words else None
        if role:
            roles.append(role)
    return roles


def _sentence_end(lines: Sequence[str], start: int, first: str) -> int | None:
    opens = _opens(first)
    plain = first.casefold()
    if not opens and "@" not in first and not _has_verb(plain.split()) and not plain.startswith(QUOTING):
        return None
    sentence = ""
    for index in range(start, min(start + _MOST_LINES, len(lines))):
        line = bare(lines[index])
        if not line or (index > start and _begins_another(lines, index, line, first=None if opens else first)):
            return None
        sentence = f"{sentence} {line}" if sentence else line
        if len(sentence) > _MOST_LETTERS:
            return None
        is_complete = line.endswith(_COLONS) or line.rstrip(_DASHES).endswith(tuple(WROTE)) or _ends_sentence(line)
        if is_complete and _is_attribution(sentence, opens=opens, lines=lines, end=index + 1):
            return index + 1
    return None


def _begins_another(lines: Sequence[str], index: int, line: str, *, first: str | None) -> bool:
    """Whether a line below begins the attribution itself, so that those above it are a person's words.

    `first` is the line above when that does not begin with a date: then it is a sender's, or none of the attribution.
    """
    if not _opens(line):
        return False
    if first is None:
        return not line[0].isdigit()
    return not _is_sender(first) and _sentence_end(lines, index, line) is not None


def _is_sender(line: str) -> bool:
    """Whether a line begins with a name and an address in angle brackets, and goes on with no more than a date."""
    head, _, rest = line.partition(">")
    if "<" not in head or "@" not in head or len(head.split()) > _MOST_NAME_WORDS:
        return False
    return not rest.strip(", ") or _has_digit(rest)


def _ends_sentence(line: str) -> bool:
    return line.rstrip(" .;:：").endswith(WROTE_INSIDE)


def _opens(line: str) -> bool:
    """Whether a line begins like "On Mon, 3 Nov": a date comes at once, or after a word that leads to one."""
    words = line.strip(_DASHES).split(maxsplit=6)
    if not words:
        return False
    first = words[0].casefold()
    if first[0].isdigit():
        return True
    near = words[1:6] if first.rstrip(",.") in OPENERS else words[1:3]
    return len(first) <= 14 and any(map(_has_digit, [first, *near]))


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _is_attribution(sentence: str, *, opens: bool, lines: Sequence[str], end: int) -> bool:
    plain = sentence.strip(_DASHES).casefold()
    has_colon = plain.endswith(_COLONS)
    core = plain.rstrip(":： ")
    words = core.split()
    has_address = "@" in plain
    has_time = _TIME.search(plain) is not None
    has_date = has_time or _DATE.search(plain) is not None
    if not _has_verb(words):
        if has_colon and has_address and has_date:
            return _ends_with_address(core) if opens else core.endswith("]")
        return has_colon and plain.startswith(QUOTING) and (has_address or _is_followed_by_quote(lines, end))
    if not has_colon and not (has_address and has_date and _is_verb(words[-1])):
        return False
    if has_address:
        return has_date or (len(words) < 10 and _is_verb(words[-1]))
    if len(words) > 20 or any(pronoun in PRONOUNS for pronoun in _beside_verb(words)):
        return _is_followed_by_quote(lines, end) and len(words) <= 20
    if has_time and (opens or (len(words) < 10 and _has_digit(words[-1]))):
        return True
    return _is_followed_by_quote(lines, end) and (has_date or len(words) < 8)


def _has_verb(words: Sequence[str]) -> bool:
    return any(map(_is_verb, words))


def _is_verb(word: str) -> bool:
    return (
        word.strip(":：,;()") in WROTE
        or word in WROTE
        or (not word.isascii() and any(map(word.__contains__, WROTE_INSIDE)))
    )


def _beside_verb(words: Sequence[str]) -> list[str]:
    """The first word, two before the verb and one after it: where a person's sentence has its "you" or "my"."""
    at = next(index for index, word in enumerate(words) if _is_verb(word))
    return [word.strip(",:") for word in (words[0], *words[max(at - 2, 0) : at], *words[at + 1 : at + 2])]


def _ends_with_address(core: str) -> bool:
    last = core.rsplit(maxsplit=1)[-1]
    return "@" in last or (core.endswith(_ENCLOSED) and "@" in core[-120:])


def _is_followed_by_quote(lines: Sequence[str], end: int) -> bool:
    for line in lines[end : end + 3]:
        if line.strip():
            return line.lstrip().startswith(">")
    return False
