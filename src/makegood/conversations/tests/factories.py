"""Short ways to have people, inboxes and letters in a test."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from makegood.agents.models import Agent, Role
from makegood.clock.now import now
from makegood.conversations.actions.receiving import Arrival, receive
from makegood.conversations.actions.replying import Letter, reply
from makegood.conversations.envelope import Address, Incoming
from makegood.conversations.models import Conversation, Message
from makegood.inboxes.models import Inbox

ODILE = Address("Odile Fenwick", "odile@fenwick.example")
KOFI = Address("Kofi Larkspur", "kofi@larkspur.example")
CARE = "care@quillfeather.example"
_numbers = itertools.count(1)


def agent(name: str = "Marisol Quint", role: str = Role.AGENT, **fields: Any) -> Agent:
    """Somebody who answers, with an address of their own."""
    return Agent.objects.create(email=f"agent{next(_numbers)}@quillfeather.example", name=name, role=role, **fields)


def inbox(address: str = CARE, name: str = "Care", **fields: Any) -> Inbox:
    """An inbox, the same one when asked for its address again."""
    return Inbox.objects.get_or_create(channel="email", address=address, defaults={"name": name, **fields})[0]


def letter(text: str = "The pole cracked.", sender: Address | None = ODILE, **fields: Any) -> Incoming:
    """A customer's letter as the parser would give it."""
    given: dict[str, Any] = {
        "shown_sender": sender or Address("", ""),
        "to": [Address("", CARE)],
        "subject": "Cracked tent pole",
        "message_id": f"<letter{next(_numbers)}@fenwick.example>",
        "reply_text": text,
    }
    return Incoming(sender=sender, text=text, **given | fields)


def arrival(
    to: Inbox | None = None, *, content: str = "", at: datetime | None = None, is_history: bool = False
) -> Arrival:
    """How it arrived; equal `content` stands for equal bytes."""
    digest = sha256((content or str(next(_numbers))).encode()).hexdigest()
    return Arrival(to or inbox(), None, digest, at or now(), is_history=is_history)


def come_in(text: str = "The pole cracked.", to: Inbox | None = None, **fields: Any) -> Message:
    """A letter that has been received."""
    return receive(letter(text, **fields), arrival(to))


def answer(
    conversation: Conversation, text: str = "A new one is on its way.", *, by: Agent | None = None,
    to: Sequence[Address] = (ODILE,), **fields: Any,
) -> Message:  # fmt: skip
    """A reply that waits to leave."""
    return reply(conversation, Letter(text=text, to=to, **fields), by=by or agent())


def written(text: str = "Good news.", **more: str) -> dict[str, str]:
    """The composer's fields as a browser posts them."""
    return {"key": str(uuid.uuid4()), "mode": "reply", "text": text, "to": ODILE.email, **more}
