"""The bytes of a message that leaves. All headers come from this one builder, from cleaned values only."""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from makegood.channels.email import head
from makegood.channels.email.handing_on import file_for_others
from makegood.conversations import matching
from makegood.conversations.addressing import ADDRESS, addresses
from makegood.conversations.envelope import Address, Outgoing
from makegood.conversations.models import Attachment, Message
from makegood.conversations.queries.tokens import tokens_among
from makegood.conversations.quoting import attribution_of, quoted_of, signature_of
from makegood.errors import Refused
from makegood.files import storing
from makegood.files.models import StoredFile
from makegood.text.html import from_text

TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,63}/[a-z0-9!#$&^_.+-]{1,63}")
QUOTED = 20_000
POLICY = SMTP.clone(max_line_length=78, refold_source="none", cte_type="7bit")


def compose(message: Message) -> Outgoing:
    """Final: the same message gives the same envelope, and its bytes are made once. Refuses what is no address."""
    recipients = tuple(dict.fromkeys(email for _, email in [*message.to, *message.cc, *message.bcc]))
    for recipient in recipients:
        if not ADDRESS.fullmatch(recipient):
            raise Refused(f"“{recipient}” is no address that mail can be sent to.")
    return Outgoing(
        key=str(message.key),
        message_id=message.message_id,
        sender="" if message.is_automatic else message.inbox.address,
        recipients=recipients,
        content=_head(message).encode("ascii") + _body(message).as_bytes(),
    )


def _head(message: Message) -> str:
    inbox, us = message.inbox, Address(message.from_name, message.inbox.address)
    fields = [head.addresses("From", [us]), head.addresses("To", addresses(message.to))]
    if message.cc:
        fields.append(head.addresses("Cc", addresses(message.cc)))
    fields += [
        head.text("Subject", message.subject),
        head.text("Date", format_datetime(message.at)),
        head.ids("Message-ID", message.message_id),
        head.ids("In-Reply-To", message.in_reply_to),
        head.ids("References", message.references),
    ]
    if inbox.settings.get("plus_addressing") or inbox.settings.get("reply_domain"):
        # That of its Message-ID: the conversation where it was written, wherever it stands by now.
        token = matching.token_of_message_id(message.message_id) or message.conversation.token
        token_address = matching.reply_address(inbox.reply_address, token)
        fields.append(head.addresses("Reply-To", [Address(message.from_name, token_address)]))
    if message.is_automatic:
        fields += ["Auto-Submitted: auto-replied\r\n", "X-Auto-Response-Suppress: All\r\n"]
    return "".join(fields)


def _body(message: Message) -> EmailMessage:
    mail = EmailMessage(policy=POLICY)
    signature = signature_of(message)
    attribution, quoted = history_of(message)
    text = message.text.rstrip() + (f"\n\n-- \n{signature}" if signature else "") + "\n"
    html = from_text(message.text) + (f"<p>-- <br>{_inner(from_text(signature))}</p>" if signature else "")
    if quoted:
        text += f"\n{attribution}\n" + "".join(f"> {line}".rstrip() + "\n" for line in quoted.splitlines())
        html += f'<p>{_inner(from_text(attribution))}</p><blockquote type="cite">{from_text(quoted)}</blockquote>'
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(
        f'<!doctype html><html><body><div dir="auto">{html}</div></body></html>\n',
        subtype="html",
        cte="quoted-printable",
    )
    for attachment in Attachment.objects.filter(message=message).select_related("file").order_by("pk"):
        main, _slash, sub = _type_of(attachment.file).partition("/")
        content = file_for_others(attachment.file, storing.read(attachment.file), tokens_among)
        mail.add_attachment(content, maintype=main, subtype=sub, filename=head.clean(attachment.file.name))
    return mail


def history_of(message: Message) -> tuple[str, str]:
    """The line above and the words of the letter that this one answers, when the inbox quotes; else nothing.

    Only what a customer could see already: the public message, never a note. An automatic answer quotes nothing: a
    stranger's words must not be carried by us to whoever stands in their From.
    """
    if message.is_automatic or not message.in_reply_to or not message.inbox.settings.get("quote_history", True):
        return "", ""
    public = Message.objects.filter(conversation_id=message.conversation_id, message_id=message.in_reply_to)
    answered = public.order_by("-at").first()
    if answered is None or not _everybody_has(answered, message):
        return "", ""
    return attribution_of(answered), quoted_of(answered, tokens_among)[:QUOTED]


def _everybody_has(quoted: Message, message: Message) -> bool:
    """A letter is quoted only to those who wrote or got it: nobody learns by a quote what was not sent to them."""
    had = {quoted.from_email.lower(), *(email.lower() for _name, email in [*quoted.to, *quoted.cc, *quoted.reply_to])}
    return all(email.lower() in had for _name, email in [*message.to, *message.cc, *message.bcc])


def _type_of(file: StoredFile) -> str:
    """As it came, unless that is no type, or a type that may not be base64 (RFC 2045, 6.4)."""
    kind = file.content_type.lower()
    is_fit = TYPE.fullmatch(kind) and not kind.startswith(("multipart/", "message/"))
    return kind if is_fit else "application/octet-stream"


def _inner(html: str) -> str:
    return html.removeprefix("<p>").removesuffix("</p>")
