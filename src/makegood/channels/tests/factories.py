"""Short ways to have raw mail, a parser and letters on their way in a test."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta
from typing import Any

from django.db.models import F

from makegood.channels import intake, outbox, reading
from makegood.channels.intake import Arriving, Catch, raw_of, take_in
from makegood.channels.models import OutboxMail, RawMessage
from makegood.clock.now import now
from makegood.conversations.models import Message
from makegood.conversations.tests.factories import CARE, agent, answer, come_in
from makegood.inboxes.models import Inbox


def wired(port: int, address: str = CARE, **settings: Any) -> Inbox:
    """An inbox whose mail leaves by the server on this loopback port."""
    smtp = {"host": "127.0.0.1", "port": port, "security": "none"}
    return Inbox.objects.create(name="Care", address=address, settings={"smtp": smtp, **settings})


def mail(text: str = "The pole cracked.", *fields: str, sender: str = "Odile Fenwick <odile@fenwick.example>") -> bytes:
    """Raw bytes; the Message-ID is made from the text."""
    head = [
        f"From: {sender}",
        f"To: {CARE}",
        "Subject: Tent",
        f"Message-ID: <{abs(hash(text))}@fenwick.example>",
        *fields,
    ]
    return "\r\n".join([*head, "", text, ""]).encode()


def take(content: bytes, inbox: Inbox, **more: Any) -> RawMessage:
    """Stored, not yet read."""
    return RawMessage.objects.get(pk=take_in([Arriving(inbox, raw_of(content), **more)])[0])


def take_all[T](catches: Generator[Catch, None, T]) -> tuple[int, T]:
    """Store whatever a source gives, as its listener does; says how many messages that were, and what it ended with."""
    count = 0
    while True:
        try:
            count += intake.take(next(catches))
        except StopIteration as ended:
            return count, ended.value


def read(content: bytes, inbox: Inbox, **more: Any) -> Message:
    """Stored and read."""
    raw = take(content, inbox, **more)
    reading.read_new()
    raw.refresh_from_db()
    return Message.objects.get(pk=raw.message_id)


def queued(inbox: Inbox, text: str = "On its way.", **letter: Any) -> OutboxMail:
    """A reply whose ten seconds are over, in the outbox."""
    message = answer(come_in(to=inbox).conversation, text, by=agent(), **letter)
    Message.objects.filter(pk=message.pk).update(send_at=now())
    outbox.queue_due()
    return OutboxMail.objects.get(message=message)


def later(mail: OutboxMail, **passed: float) -> OutboxMail:
    """As if this time had passed for the mail."""
    span = timedelta(**passed)
    OutboxMail.objects.filter(pk=mail.pk).update(next_at=F("next_at") - span, first_at=F("first_at") - span)
    for attempt in mail.tries.all():
        attempt.at -= span
        attempt.save()
    return fresh(mail)


def fresh(mail: OutboxMail) -> OutboxMail:
    """As the database has it now."""
    return OutboxMail.objects.get(pk=mail.pk)
