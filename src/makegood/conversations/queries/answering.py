"""Which message a letter of ours answers, for mail programs: they keep together what names it and has its subject."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q

from makegood.conversations.envelope import Address
from makegood.conversations.models import Conversation, Message

LOOKED_AT = 50
READ = (
    "conversation_id", "home_id", "direction", "contact_id", "from_email", "reply_to", "to", "cc", "bcc", "subject",
    "message_id", "references",
)  # fmt: skip


def answered_by(conversation: Conversation, recipients: Iterable[Address]) -> Message | None:
    """The newest with a Message-ID that one of these wrote or got, else the customer's newest or ours to them.

    So nobody hears by our letter what a stranger, or a customer whose conversation was merged into this one, called
    theirs, nor gets its token. None where there is no such letter.
    """
    to = {address.email.lower() for address in recipients}
    named = conversation.messages.exclude(message_id="").exclude(state=Message.FAILED).filter(is_automatic=False)
    newest = list(named.only(*READ).order_by(F("at").desc(), F("id").desc())[:LOOKED_AT])
    known = (message for message in newest if to & _who_has(message, conversation))
    ours = (
        m for m in newest if m.contact_id == conversation.contact_id or (m.direction == Message.OUT and m.is_at_home)
    )
    return next(known, None) or next(ours, None)


def subject_at_first(conversation: Conversation) -> str:
    """What it was called by whoever began it: colleagues may call it otherwise, and that is none of a customer's."""
    own = conversation.messages.filter(Q(home=None) | Q(home=conversation)).order_by("at", "pk")
    return own.values_list("subject", flat=True).first() or ""


def _who_has(message: Message, conversation: Conversation) -> set[str]:
    """Beside the sender only those whom we wrote to: whom else a stranger names may never have got it.

    A customer may name another address of theirs for the answer.
    """
    if message.direction == Message.IN:
        is_customers = message.contact_id == conversation.contact_id
        asked = [email for _, email in message.reply_to] if is_customers else []
        return {email.lower() for email in [message.from_email, *asked]}
    return {email.lower() for _, email in [*message.to, *message.cc, *message.bcc]}
