"""One incoming e-mail, read whole: `parse` puts together what the other modules of this package find out."""

from __future__ import annotations

import re
from datetime import datetime

from makegood.channels.email.parsing import (
    addresses,
    attachments,
    automatic,
    bodies,
    bounces,
    dates,
    headers,
    identity,
    references,
    structure,
    transfer,
    verification,
    warnings,
)
from makegood.channels.email.parsing.bodies import Body
from makegood.channels.email.parsing.fields import Fields
from makegood.channels.email.parsing.structure import Part
from makegood.conversations.envelope import Address, Bounce, Identity, Incoming, Kind
from makegood.text.html_quotes import reply_of_html
from makegood.text.marking import gettext_noop
from makegood.text.quotes import reply_of
from makegood.text.sanitising import sanitise

MAX_ANALYSED = 64 * 1024  # letters of text in which quotes and signatures are looked for
_DELIVERED_TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-rcpt-to")
_SHOWN_HEAD = ("From", "To", "Date", "Subject")
_THREAD_INDEX = re.compile(r"[A-Za-z0-9+/=]{20,2000}")

NO_SENDER = gettext_noop("This message does not name one believable sender.")
SEVERAL_SENDERS = gettext_noop("This message names more than one sender; none of them can be believed.")
TOO_MANY_ADDRESSES = gettext_noop("This message has more than 200 addresses in one field; only the first 200 are kept.")
ONLY_AN_ATTACHED_MAIL = gettext_noop("This message has no text of its own; the text of the attached mail is shown.")


def parse(
    content: bytes, *, own_servers: frozenset[str] = frozenset(), received_at: datetime | None = None
) -> Incoming:
    """A message as understood. Never raises: what could not be read is told in `problems`, in plain words.

    `own_servers` are the authserv-ids whose Authentication-Results are believed (RFC 8601). `received_at` stands in
    for a date that is missing or impossible.
    """
    root, problems = structure.read(content)
    incoming = Incoming(problems=list(problems))
    body = bodies.read(root)
    _read_head(root.fields, content, incoming, received_at)
    _read_body(root, body, incoming)
    incoming.kind, incoming.bounce = _kind(root, content, incoming)
    if incoming.bounce is None and verification.is_verification(root.fields, incoming):
        incoming.kind, incoming.kind_otherwise = Kind.VERIFICATION, incoming.kind
    incoming.bulk = automatic.is_bulk(root.fields, incoming)
    incoming.spam = automatic.is_spam(root.fields)
    if incoming.sender is not None and identity.is_aligned(root.fields, incoming.sender.email, own_servers):
        incoming.identity = Identity.ALIGNED
    incoming.warnings = warnings.of(incoming)
    return incoming


def html_of(content: bytes) -> str:
    """The sender's own HTML, not yet sanitised, with the content ids by which `parse` knows its images."""
    root, _ = structure.read(content)
    body = bodies.read(root)
    return bodies.html_of(body, _image_ids(body, references.message_id(root.fields, content)))


def _read_head(fields: Fields, content: bytes, incoming: Incoming, received_at: datetime | None) -> None:
    incoming.sender, incoming.shown_sender = addresses.shown_sender(fields)
    if incoming.sender is None:
        _note(incoming, SEVERAL_SENDERS if _names_several(fields) else NO_SENDER)
    incoming.to = _addresses(fields, "to", incoming)
    incoming.cc = _addresses(fields, "cc", incoming)
    incoming.reply_to = [address for address in _addresses(fields, "reply-to", incoming) if address.email]
    incoming.subject = headers.text(fields.first("subject"), fields.charset)
    incoming.date, problem = dates.read(fields.first("date"), received_at)
    _note(incoming, problem)
    incoming.message_id = references.message_id(fields, content)
    incoming.in_reply_to = references.in_reply_to(fields)
    incoming.references = references.references(fields)
    thread_index = _THREAD_INDEX.fullmatch(headers.text(fields.first("thread-index")).replace(" ", ""))
    incoming.thread_index = thread_index.group() if thread_index else ""
    values = [value for name in _DELIVERED_TO for value in fields.every(name)]
    delivered, _ = addresses.read_list(values)
    incoming.delivered_to = list(dict.fromkeys(address.email for address in delivered if address.email))


def _names_several(fields: Fields) -> bool:
    return len(addresses.read_list(fields.every("from"))[0]) > 1


def _addresses(fields: Fields, name: str, incoming: Incoming) -> list[Address]:
    found, left_out = addresses.read_list(fields.every(name), fields.charset)
    _note(incoming, TOO_MANY_ADDRESSES if left_out else "")
    return found


def _read_body(root: Part, body: Body, incoming: Incoming) -> None:
    image_ids = _image_ids(body, incoming.message_id)
    html = bodies.html_of(body, image_ids)
    incoming.text = bodies.text_of(body)
    if html:
        remote: list[str] = []
        incoming.html = sanitise(html, remote_address=remote.append) or None  # noted, and given no address
        incoming.has_remote_images = bool(remote)
        incoming.reply_text = reply_of_html(html) or ""
    if not incoming.text:
        _show_attached_mail(root, incoming)
    incoming.files = attachments.read(body.files, body.encoded_files, html, image_ids)
    if not incoming.reply_text:
        incoming.reply_text = reply_of(incoming.text[:MAX_ANALYSED])
    for problem in body.problems:
        _note(incoming, problem)


def _image_ids(body: Body, message_id: str) -> dict[int, str]:
    """A content id for every image that stands between texts: its own, or one made from the message's id."""
    images = [piece.image for piece in body.pieces if piece.image is not None]
    made = message_id.strip("<>").partition("@")[0]
    return {id(image): attachments.content_id(image) or f"image-{n}.{made}" for n, image in enumerate(images, 1)}


def _show_attached_mail(root: Part, incoming: Incoming) -> None:
    """A mail that is nothing but another mail: its head and text, as the agent would open it next."""
    attached = next((part for part in root.walk() if part.content_type == "message/rfc822"), None)
    if attached is None:
        return
    content, _ = transfer.decoded(attached)
    inner, _ = structure.read(content)
    head = [(label, headers.text(inner.fields.first(label.lower()), inner.fields.charset)) for label in _SHOWN_HEAD]
    lines = [f"{label}: {value}" for label, value in head if value]
    incoming.text = "\n".join(lines) + "\n\n" + bodies.text_of(bodies.read(inner))
    _note(incoming, ONLY_AN_ATTACHED_MAIL)


def _kind(root: Part, content: bytes, incoming: Incoming) -> tuple[Kind, Bounce | None]:
    report = bounces.read(root, content, incoming)
    if report is not None:
        return report
    return (Kind.AUTO_REPLY if automatic.is_auto_reply(root.fields, incoming) else Kind.MESSAGE), None


def _note(incoming: Incoming, problem: str) -> None:
    if problem and problem not in incoming.problems:
        incoming.problems.append(problem)
