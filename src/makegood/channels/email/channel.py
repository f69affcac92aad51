"""E-mail as a channel."""

from __future__ import annotations

from collections.abc import Callable

from makegood.channels.channel import Abilities
from makegood.channels.email.connecting import SmtpSettings
from makegood.channels.email.smtp import hand_over
from makegood.channels.email.writing import compose
from makegood.conversations.envelope import Outgoing, Receipt
from makegood.conversations.models import Message
from makegood.inboxes.models import Inbox


class EmailChannel:
    """See `Channel`."""

    kind = "email"
    can = Abilities(html=True, attachments=True, subject=True, several_recipients=True)

    def compose(self, message: Message) -> Outgoing:
        return compose(message)

    def deliver(self, inbox: Inbox, outgoing: Outgoing, handing_over: Callable[[], None]) -> Receipt:
        return hand_over(SmtpSettings.of(inbox), outgoing, handing_over)
