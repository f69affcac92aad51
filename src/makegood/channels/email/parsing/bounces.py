"""Bounces, delay notices, complaints and receipts: the standard forms first (RFC 3464, 5965, 8098), then free text."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import compat32

from flufl.bounce import all_failures

from makegood.channels.email.parsing import (
    addresses,
    bounce_texts,
    fields,
    headers,
    structure,
    transfer,
)
from makegood.channels.email.parsing.fields import Fields
from makegood.channels.email.parsing.structure import Part
from makegood.conversations.envelope import Bounce, Incoming, Kind

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)  # it logs a traceback for every mail it stumbles over

MAX_RECIPIENTS = 100
_MAX_REPORT = 256 * 1024
_MAX_LAST_RESORT = 32 * 1024
_MAX_SAID = 500
_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status", "message/x-delivery-status")
_ORIGINAL_TYPES = ("message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers",
                   "message/global-headers", "text/rfc822")  # fmt: skip
_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_GROUP_END = re.compile(rb"(?>\r{0,2}\n|\r)[ \t]{0,20}(?>\r{0,2}\n|\r)")
_SPACES = re.compile(r"\s+")
# The last resort reads whatever it is given with little care; these are what bad input has been seen to raise there.
_LAST_RESORT_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(slots=True)
class _Recipient:
    """One group of a delivery status."""

    emails: list[str]
    action: str
    status: str
    said: str


@dataclass(slots=True)
class _Found:
    """The parts of a message that make it a report."""

    statuses: list[Part] = field(default_factory=list)
    feedback: Part | None = None
    disposition: Part | None = None
    original: Part | None = None


def read(root: Part, content: bytes, incoming: Incoming) -> tuple[Kind, Bounce] | None:
    """What a report says, or None when the message is no report."""
    found = _find(root)
    report_type = root.type_params.get("report-type", "").lower()
    by_machine = root.content_type == "multipart/report" or bounce_texts.machine_signs(root.fields, incoming) > 0
    if found.feedback is not None or (report_type == "feedback-report" and found.original is not None):
        return Kind.COMPLAINT, _complaint(found, incoming)
    if by_machine and (found.disposition is not None or report_type == "disposition-notification"):
        return Kind.RECEIPT, _receipt(found, incoming)
    if by_machine and found.statuses:
        report = _delivery_report(found, incoming)
        if report is not None:
            return report
    if bounce_texts.is_complaint(incoming):
        return Kind.COMPLAINT, _complaint(found, incoming)
    if bounce_texts.is_receipt(incoming):
        return Kind.RECEIPT, _receipt(found, incoming)
    return _free_text(root, content, found, incoming)


def _find(root: Part) -> _Found:
    found = _Found()
    for part in root.walk():
        if part.content_type in _STATUS_TYPES:
            found.statuses.append(part)
        elif part.content_type == "message/feedback-report":
            found.feedback = found.feedback or part
        elif part.content_type == "message/disposition-notification":
            found.disposition = found.disposition or part
        elif part.content_type in _ORIGINAL_TYPES:
            found.original = found.original or part
    return found


def _complaint(found: _Found, incoming: Incoming) -> Bounce:
    groups = _groups(found.feedback) if found.feedback is not None else []
    names = ("original-rcpt-to", "removal-recipient", "x-hmxmroriginalrecipient")
    emails = [email for group in groups for name in names for email in _emails(group, name)]
    said = next((headers.text(group.first("feedback-type")) for group in groups if "feedback-type" in group), "")
    original = _original_head(found)
    if not emails and original is not None:
        emails = [email for name in (*names, "to") for email in _emails(original, name)]
    return Bounce(_unique(emails), None, _original_id(found, incoming), said)


def _receipt(found: _Found, incoming: Incoming) -> Bounce:
    groups = _groups(found.disposition) if found.disposition is not None else []
    emails = [email for group in groups for email in _emails(group, "final-recipient")]
    said = next((headers.text(group.first("disposition")) for group in groups if "disposition" in group), "")
    return Bounce(_unique(emails), None, _original_id(found, incoming, groups), said)


def _delivery_report(found: _Found, incoming: Incoming) -> tuple[Kind, Bounce] | None:
    """RFC 3464: failed beats delayed beats delivered; None when no group says what happened."""
    groups = [group for part in found.statuses for group in _groups(part)]
    recipients = [_recipient(group) for group in groups]
    recipients = [r for r in recipients if r.action or r.status or r.emails]
    failed = [r for r in recipients if r.action.startswith("fail")]
    delayed = [r for r in recipients if r.action.startswith("delay")]
    delivered = [r for r in recipients if r.action.startswith(("deliver", "relay", "expand"))]
    if not failed and not delayed and not delivered:
        failed = [r for r in recipients if r.status[:1] == "5" or (r.status[:1] == "4" and r.emails)]
    original_id = _original_id(found, incoming, groups)
    for kind, chosen in ((Kind.BOUNCE, failed), (Kind.DELAYED, delayed), (Kind.RECEIPT, delivered)):
        if chosen:
            emails = _unique([email for r in chosen for email in r.emails])
            said = _one_line(next((r.said for r in chosen if r.said), chosen[0].status))
            return kind, Bounce(emails, _hardness(kind, chosen, incoming), original_id, said)
    return None


def _hardness(kind: Kind, chosen: list[_Recipient], incoming: Incoming) -> bool | None:
    if kind is not Kind.BOUNCE:
        return False if kind is Kind.DELAYED else None
    return any(bounce_texts.is_hard(r.said, r.status, incoming.text) for r in chosen)


def _recipient(group: Fields) -> _Recipient:
    emails = [
        e for name in ("final-recipient", "original-recipient", "x-actual-recipient") for e in _emails(group, name)
    ]
    said = headers.text(group.first("diagnostic-code"))
    status = _ENHANCED.search(headers.text(group.first("status")))
    return _Recipient(
        emails=emails[:1] if emails else [],
        action=group.word("action"),
        status=status.group() if status else "",
        said=said.partition(";")[2].strip() if ";" in said[:20] else said,
    )


def _groups(part: Part) -> list[Fields]:
    """The groups of fields of a report part."""
    content, _problem = transfer.decoded(part, _MAX_REPORT)
    return [fields.split(group)[0] for group in _GROUP_END.split(content[:_MAX_REPORT]) if group.strip()]


def _emails(group: Fields, name: str) -> list[str]:
    found: list[str] = []
    for value in group.every(name):
        typed = value.partition(b";")[2] if b";" in value[:40] else value
        listed, _ = addresses.read_list([typed])
        found.extend(address.email for address in listed if address.email)
    return found


def _original_head(found: _Found) -> Fields | None:
    if found.original is None:
        return None
    content, _problem = transfer.decoded(found.original, _MAX_REPORT)
    return structure.read_head(content[:_MAX_REPORT])


def _original_id(found: _Found, incoming: Incoming, groups: list[Fields] | None = None) -> str:
    """The Message-ID of our mail: from its returned copy, the report's fields, the text, or In-Reply-To."""
    head = _original_head(found)
    for group in ([head] if head is not None else []) + (groups or []):
        for name in ("message-id", "original-message-id", "x-original-message-id"):
            identifier = _id_in(group.first(name))
            if identifier:
                return identifier
    return bounce_texts.message_id_in(incoming.text) or incoming.in_reply_to


def _id_in(value: bytes) -> str:
    found = re.search(r"<[^<>\s]{1,250}>", headers.text(value))
    return found.group() if found else ""


def _free_text(root: Part, content: bytes, found: _Found, incoming: Incoming) -> tuple[Kind, Bounce] | None:
    score = bounce_texts.score(root.fields, incoming, has_original=found.original is not None)
    if score < bounce_texts.LIKELY:
        return None
    emails = bounce_texts.recipients_in(root.fields, incoming)
    temporary, permanent = ([], []) if emails and score >= bounce_texts.CERTAIN else _last_resort(content)
    emails = emails or permanent or temporary
    if score < bounce_texts.CERTAIN and not (permanent or temporary):
        return None
    original = _original_head(found)
    if not emails and original is not None:
        emails = _emails(original, "to")
    said = bounce_texts.said_in(incoming.text)
    kind = Kind.DELAYED if bounce_texts.is_delay(incoming) else Kind.BOUNCE
    hard = False if kind is Kind.DELAYED else bounce_texts.is_hard(said, "", incoming.text)
    return kind, Bounce(_unique(emails), hard, _original_id(found, incoming), _one_line(said))


def _last_resort(content: bytes) -> tuple[list[str], list[str]]:
    """Temporary and permanent failures as flufl.bounce sees them; it is shown the beginning of the mail only."""
    try:
        temporary, permanent = all_failures(message_from_bytes(content[:_MAX_LAST_RESORT], policy=compat32))
    except _LAST_RESORT_ERRORS:
        return [], []
    return _specs(temporary), _specs(permanent)


def _specs(found: frozenset[bytes]) -> list[str]:
    return sorted(filter(None, (addresses.read_spec(email.decode("utf-8", "replace")) for email in found)))


def _unique(emails: list[str]) -> tuple[str, ...]:
    first_spelling = {email.lower(): email for email in reversed(emails)}
    return tuple(dict.fromkeys(first_spelling[email.lower()] for email in emails))[:MAX_RECIPIENTS]


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text).strip()[:_MAX_SAID]
