"""What a channel is: one folder that knows one kind of wire, and the abilities others may ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from makegood.conversations.envelope import Outgoing, Receipt
from makegood.conversations.models import Message
from makegood.inboxes.models import Inbox


@dataclass(frozen=True, slots=True)
class Abilities:
    """What messages on this channel may have; core code asks this, never which channel it is."""

    html: bool = False
    attachments: bool = False
    subject: bool = False
    several_recipients: bool = False


class Channel(Protocol):
    """One kind of wire."""

    kind: str
    can: Abilities

    def compose(self, message: Message) -> Outgoing:
        """The final bytes and the envelope of a message of ours. Reads the database, sends nothing."""

    def deliver(self, inbox: Inbox, outgoing: Outgoing, handing_over: Callable[[], None]) -> Receipt:
        """Hand it to the next server. Calls `handing_over` before the content leaves; until then nothing was sent.

        Raises DeliveryFailed, or DeliveryUncertain once the content has left.
        """
