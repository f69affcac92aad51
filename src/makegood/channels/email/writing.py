"""The bytes of a message that leaves. All headers come from this one builder, from cleaned values only."""

from __future__ import annotations

import re
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from makegood.conversations import matching
from makegood.conversations.addressing import addresses
from makegood.conversations.envelope import Address, Outgoing
from makegood.conversations.models import Attachment, Message
from makegood.files import storing
from makegood.text.html import from_text

CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
POLICY = SMTP.clone(max_line_length=78, refold_source="none", cte_type="7bit")
MARK = "makegood-reply"  # the class of our quoted part, by which our own readers cut it


def compose(message: Message) -> Outgoing:
    """Final: the same message gives the same envelope, and its bytes are made once."""
    mail = EmailMessage(policy=POLICY)
    _write_headers(mail, message)
    _write_body(mail, message)
    everybody = [*message.to, *message.cc, *message.bcc]
    recipients = tuple(dict.fromkeys(email for _, email in everybody))
    return Outgoing(
        key=str(message.key),
        message_id=message.message_id,
        sender="" if message.is_automatic else message.inbox.address,
        recipients=recipients,
        content=mail.as_bytes(),
    )


def clean(value: str) -> str:
    """One line without control characters: nothing in it can begin another header."""
    return " ".join(CONTROLS.sub(" ", value).split())


def _write_headers(mail: EmailMessage, message: Message) -> None:
    inbox = message.inbox
    mail["From"] = _header_address(Address(message.from_name, inbox.address))
    mail["To"] = tuple(_header_address(address) for address in addresses(message.to))
    if message.cc:
        mail["Cc"] = tuple(_header_address(address) for address in addresses(message.cc))
    mail["Subject"] = clean(message.subject)
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = message.message_id
    if message.in_reply_to:
        mail["In-Reply-To"] = clean(message.in_reply_to)
        mail["References"] = clean(message.references)
    if inbox.settings.get("plus_addressing", True):
        token_address = matching.reply_address(inbox.address, message.conversation.token)
        mail["Reply-To"] = _header_address(Address(message.from_name, token_address))
    if message.is_automatic:
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"


def _header_address(address: Address) -> HeaderAddress:
    return HeaderAddress(display_name=clean(address.name), addr_spec=address.email)


def _write_body(mail: EmailMessage, message: Message) -> None:
    signature = signature_of(message)
    text = message.text.rstrip() + (f"\n\n-- \n{signature}" if signature else "") + "\n"
    mail.set_content(text, cte="quoted-printable")
    html = from_text(message.text) + (f"<p>-- <br>{_inner(from_text(signature))}</p>" if signature else "")
    mail.add_alternative(
        f'<!doctype html><html><body><div dir="auto">{html}</div></body></html>\n',
        subtype="html",
        cte="quoted-printable",
    )
    for attachment in Attachment.objects.filter(message=message).select_related("file").order_by("pk"):
        main, _, sub = attachment.file.content_type.partition("/")
        mail.add_attachment(
            storing.read(attachment.file),
            maintype=main or "application",
            subtype=sub or "octet-stream",
            filename=clean(attachment.file.name),
        )


def signature_of(message: Message) -> str:
    """The agent's words, then the inbox's."""
    own = message.agent.signature if message.agent and not message.is_automatic else ""
    return "\n".join(part.strip() for part in (own, message.inbox.signature) if part.strip())


def _inner(html: str) -> str:
    return html.removeprefix("<p>").removesuffix("</p>")
