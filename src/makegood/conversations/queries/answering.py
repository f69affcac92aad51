"""Which message a letter of ours answers, for mail programs: they keep together what names it and has its subject."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F

from makegood.conversations.envelope import Address
from makegood.conversations.models import Conversation, Message

LOOKED_AT = 50
READ = ("direction", "contact_id", "from_email", "to", "cc", "bcc", "subject", "message_id", "references")


def answered_by(conversation: Conversation, recipients: Iterable[Address]) -> Message | None:
    """The newest with a Message-ID that one of these wrote or got, else the customer's newest or ours.

    So nobody hears by our letter what a stranger, or a customer whose conversation was merged into this one, called
    theirs.
    """
    to = {address.email.lower() for address in recipients}
    named = conversation.messages.exclude(message_id="").exclude(state=Message.FAILED).filter(is_automatic=False)
    newest = list(named.only(*READ).order_by(F("at").desc(), F("id").desc())[:LOOKED_AT])
    known = (message for message in newest if to & _who_has(message))
    ours = (m for m in newest if m.direction == Message.OUT or m.contact_id == conversation.contact_id)
    return next(known, None) or next(ours, None) or next(iter(newest), None)


def _who_has(message: Message) -> set[str]:
    """Beside the sender only those whom we wrote to: whom else a stranger names may never have got it."""
    if message.direction == Message.IN:
        return {message.from_email.lower()}
    return {email.lower() for _, email in [*message.to, *message.cc, *message.bcc]}
