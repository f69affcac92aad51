"""Bounces told in free text: the words of mail servers that send no standard report, and what they mean.

A table of data with its readers. `LIKELY` asks for a second opinion, `CERTAIN` needs none.
"""

from __future__ import annotations

import re

from makegood.channels.email.parsing import addresses, headers
from makegood.channels.email.parsing import bounce_phrases as phrases
from makegood.channels.email.parsing.fields import Fields
from makegood.conversations.envelope import Incoming

LIKELY = 4
CERTAIN = 5
_MAX_READ = 16 * 1024
_LONGEST_RECEIPT = 1500


_SAID = re.compile(r"^.{0,300}(?<![\d.\-/:])(?:[45]\d\d)[ -](?:#?[45]\.\d{1,3}\.\d{1,3})?.{0,300}$", re.M)
_SMTP = re.compile(
    r"(?<![\d.])[45]\d\d[ -]#?[45]\.\d{1,3}\.\d{1,3}|(?:said|response|error|smtp|host|<<<)\b.{0,80}\b[45]\d\d\b"
    r"|\brcpt to\b",
    re.I,
)
_ABOUT_THE_SENDER = re.compile(r"(?<![\d.])5\.1\.[789](?![\d.])")
_DAEMON_POINTS = 3
_NULL_PATH_POINTS = 2
_COMPLETE = 6  # subject and text both speak of a bounce
_CODE = re.compile(r"(?<![\d.\-/:,])([45]\d\d)(?=[ \-])")
_STATUS = re.compile(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_MESSAGE_ID = re.compile(r"^[>\s]{0,9}message-id:\s{0,9}(<[^<>\s\x00-\x1f\x7f-\x9f]{1,250}>)", re.I | re.M)
_ANY_ADDRESS = re.compile(r"[\w.!#$%&*+/?^`{|}~-]{1,64}@[\w.-]{1,250}", re.A)
_SOURCE_LINE = re.compile(
    r"^[ \t>]{0,9}(?:from|reply-to|sender|return-path|message-id|reporting|von|de)\b.*$", re.I | re.M
)


def machine_signs(fields: Fields, incoming: Incoming) -> int:
    """Points for a sender that is a mail server and no person."""
    shown = incoming.shown_sender
    points = 0
    if phrases.DAEMON.fullmatch(shown.email.partition("@")[0]) or phrases.DAEMON_NAME.search(shown.name):
        points += _DAEMON_POINTS
    elif not shown.email or phrases.NO_REPLY.match(shown.email):
        points += 1
    if fields.word("return-path").replace(" ", "") == "<>":
        points += _NULL_PATH_POINTS
    if "x-failed-recipients" in fields:
        points += 4
    return points


def score(fields: Fields, incoming: Incoming, *, has_original: bool) -> int:
    """How sure it is that a message without a standard report is a bounce or delay notice."""
    machine = machine_signs(fields, incoming)
    subject_tells = bool(phrases.SUBJECTS.search(incoming.subject))
    if machine == 0 and not subject_tells:
        return 0
    told = told_in(incoming.text)
    content = 3 * subject_tells + 3 * bool(phrases.SENTENCES.search(told))
    if machine < _DAEMON_POINTS and phrases.REPLY_PREFIX.match(incoming.subject):
        content -= 3
    if "x-failed-recipients" in fields:
        content = max(content, 2)
    if content < 2:
        return 0
    spoke_smtp = bool(_SMTP.search(told))
    if machine < _NULL_PATH_POINTS:  # not a mail server's address: only the complete picture counts
        returned = has_original or bool(message_id_in(incoming.text))
        evident = returned and (spoke_smtp or machine > 0)
        return content if content == _COMPLETE and evident and not incoming.in_reply_to else 0
    return machine + content + (has_original or spoke_smtp)


def is_complaint(incoming: Incoming) -> bool:
    """An abuse report in free text, or in the form of the services that had one before RFC 5965."""
    if phrases.REPLY_PREFIX.match(incoming.subject):
        return False
    if phrases.COMPLAINT.match(incoming.text):
        return True
    return bool(phrases.COMPLAINT_SUBJECT.match(incoming.subject) and incoming.files)


def is_receipt(incoming: Incoming) -> bool:
    """A read receipt without its standard part: the exact subject and a short text that says so."""
    if not phrases.RECEIPT_SUBJECT.match(incoming.subject) or len(incoming.text) > _LONGEST_RECEIPT:
        return False
    return bool(phrases.RECEIPT.search(incoming.text))


def is_delay(incoming: Incoming) -> bool:
    """Is the server still trying?"""
    told = told_in(incoming.text)
    if phrases.DELAY_SUBJECT.match(incoming.subject) or phrases.STILL_TRYING.search(told):
        return True
    return bool(phrases.DELAYS.search(told)) and not phrases.FINAL.search(f"{incoming.subject}\n{told}")


def is_hard(said: str, status: str, text: str) -> bool:
    """Is there no such address or place (any more)? Full, refused, too large or unreachable are soft."""
    if _ABOUT_THE_SENDER.search(status) or _ABOUT_THE_SENDER.search(said):
        return False
    known = _by_words(said) if said else None
    if known is None and not _is_telling(status):
        known = _by_words(told_in(text))
    if known is not None:
        return known
    words = said or told_in(text)
    number = _STATUS.search(status) or _STATUS.search(words)
    if number and number.group(2) != "0":
        return _by_status(*number.groups())
    code = _CODE.search(words)
    if code:
        return code.group(1) in ("550", "551", "553", "556", "521")
    return not status.startswith("4")


def _by_words(words: str) -> bool | None:
    if phrases.REFUSED.search(words):
        return bool(phrases.STRONGLY_GONE.search(words))
    if phrases.GONE.search(words) and not phrases.FULL.search(words):
        return True
    return False if phrases.FOR_NOW.search(words) else None


def _is_telling(status: str) -> bool:
    return bool(status) and not status.endswith(".0.0")


def _by_status(kind: str, subject: str, detail: str) -> bool:
    """RFC 3463: 5.1.x is about the address, save the sender's; 5.4.4 is a place that cannot be found."""
    if kind == "4":
        return False
    return (subject == "1" and detail not in ("7", "8", "9")) or (subject, detail) in (("4", "4"), ("7", "17"))


def told_in(text: str) -> str:
    """What the server itself says: the text up to the copy of the returned mail, at most 16 KiB."""
    beginning = text[:_MAX_READ]
    original = phrases.QUOTED_ORIGINAL.search(beginning, 1)
    return beginning[: original.start()] if original and original.start() > 40 else beginning


def said_in(text: str) -> str:
    """The line with the server's answer, if one can be found."""
    found = _SAID.search(told_in(text))
    return headers.one_line(found.group()) if found else ""


def message_id_in(text: str) -> str:
    """The last Message-ID of a header quoted in the text."""
    found = _MESSAGE_ID.findall(text[: 16 * _MAX_READ])
    return found[-1] if found else ""


def recipients_in(fields: Fields, incoming: Incoming) -> list[str]:
    """Whom the text says it could not reach."""
    listed, _ = addresses.read_list(fields.every("x-failed-recipients"))
    named = [address.email for address in listed if address.email]
    if named:
        return named
    told = _SOURCE_LINE.sub("", told_in(incoming.text))
    ours = {address.email.lower() for address in [*incoming.to, incoming.shown_sender] if address.email}
    ours.update(email.lower() for email in incoming.delivered_to)
    for pattern in (phrases.LISTED, _ANY_ADDRESS):
        found = [addresses.read_spec(email.rstrip(".")) for email in pattern.findall(told)]
        kept = [email for email in found if email and email.lower() not in ours and not _is_office(email)]
        if kept:
            return list(dict.fromkeys(kept))
    return []


def _is_office(email: str) -> bool:
    return bool(phrases.DAEMON.fullmatch(email.partition("@")[0])) or email.lower().startswith(
        ("abuse@", "support@", "help")
    )
