"""A channel of its own for tests: notes come in as JSON, by a hook or from a list, and leave to a list.

It is a real one, and the example of docs/channels.md: it is registered as any other, for the time of a test.
"""

from __future__ import annotations

import hmac
import json
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest

from makegood.channels.channel import Door, Source
from makegood.channels.errors import NotAccepted, SourceFailed
from makegood.channels.intake import Arriving, Catch
from makegood.channels.lights import Light, plain_light_of
from makegood.channels.parsers import READERS, Reader
from makegood.channels.registry import CHANNELS
from makegood.channels.settings_form import SettingsForm, form_url
from makegood.clock.now import now
from makegood.conversations.envelope import Address, Incoming, Outgoing, Raw, Receipt
from makegood.conversations.models import Message
from makegood.inboxes import abilities
from makegood.inboxes.abilities import Abilities
from makegood.inboxes.models import Inbox
from makegood.inboxes.sealing import unseal

KIND = "fake"


def parse(content: bytes, received_at: datetime, known: Mapping[str, Any]) -> Incoming:
    """Pure. What is no JSON is left to the house, which shows it as unreadable."""
    note = json.loads(content)
    sender = Address(note.get("name", ""), note["from"])
    return Incoming(
        sender=sender, shown_sender=sender, to=[Address("", known["address"])], date=received_at, text=note["text"],
        reply_text=note["text"], message_id=f"<{note['id']}@fake.example>",
    )  # fmt: skip


def head_of(content: bytes) -> bytes:
    """JSON has no part that can be read alone."""
    return b""


class FakeForm(SettingsForm):
    """What an administrator fills in."""

    secret_names = ("token",)

    room = forms.CharField(label="Room", max_length=40)
    token = forms.CharField(label="Token", max_length=200)


class ListSource:
    """The list `waiting`, looked into as a server would be."""

    name = "list"

    def __init__(self, inbox: Inbox, waiting: list[Raw]) -> None:
        self.inbox, self._waiting = inbox, waiting

    def is_like(self, other: Source) -> bool:
        return self.inbox.settings == other.inbox.settings

    def listen(self, stop: threading.Event) -> Generator[Catch]:
        while not stop.is_set():
            if self._waiting and not self._waiting[0].content:
                raise SourceFailed("The list is broken.")
            if self._waiting:
                yield Catch([Arriving(self.inbox, self._waiting[0])])
                del self._waiting[0]  # asked for more: it is on the disk
                continue
            yield Catch()
            stop.wait(0.05)

    def release(self) -> None:
        """It has no lease."""


@dataclass
class FakeChannel:
    """See `Channel`."""

    kind: ClassVar = KIND
    name: ClassVar = "Fake"
    can: ClassVar = Abilities()
    settings_form: type[SettingsForm] | None = FakeForm
    waiting: list[Raw] = field(default_factory=list)
    posted: list[Outgoing] = field(default_factory=list)
    answer: Exception | None = None  # what the service answers instead of "received"

    def settings_url(self, inbox: Inbox | None) -> str:
        return form_url(self.kind, inbox)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--room", required=True)

    def from_arguments(
        self, given: Namespace, secret_of: Callable[[str], str]
    ) -> tuple[Mapping[str, object], Mapping[str, str]]:
        return {"room": given.room}, {"token": secret_of("TOKEN")}

    def check(self, inbox: Inbox) -> Iterator[tuple[bool, str]]:
        yield bool(unseal(inbox)["token"]), "the token is there"

    def light_of(self, inbox: Inbox) -> Light:
        return plain_light_of(inbox)

    def sources(self) -> Iterable[Source]:
        return [ListSource(inbox, self.waiting) for inbox in Inbox.objects.filter(channel=self.kind, is_active=True)]

    def release_all(self) -> None:
        """It has no leases."""

    def open_door(self) -> Door | None:
        return None

    def accept(self, inbox: Inbox, request: HttpRequest) -> Iterable[Raw]:
        if not hmac.compare_digest(signature(inbox, request.body), request.headers.get("X-Signature", "")):
            raise NotAccepted
        return [Raw(note["key"], note["raw"].encode(), now()) for note in json.loads(request.body)]

    def known(self, inbox: Inbox) -> Mapping[str, Any]:
        return {"address": inbox.address}

    def compose(self, message: Message) -> Outgoing:
        recipients = tuple(email for _, email in message.to)
        content = json.dumps({"text": message.text, "to": recipients}).encode()
        return Outgoing(str(message.key), message.message_id, message.inbox.address, recipients, content)

    def deliver(self, inbox: Inbox, outgoing: Outgoing, handing_over: Callable[[], None]) -> Receipt:
        if self.answer is not None:
            raise self.answer
        handing_over()
        self.posted.append(outgoing)
        return Receipt(outgoing.recipients, said="posted")


def signature(inbox: Inbox, body: bytes) -> str:
    """As the service makes it, with the token it shares with us."""
    return hmac.new(unseal(inbox)["token"].encode(), body, sha256).hexdigest()


@contextmanager
def registered() -> Iterator[FakeChannel]:
    """The two lines that a channel has, for as long as the block lasts."""
    channel = FakeChannel()
    CHANNELS[KIND], READERS[KIND] = channel, Reader(parse, head_of)
    abilities.KNOWN[KIND] = channel.can
    try:
        yield channel
    finally:
        del CHANNELS[KIND], READERS[KIND], abilities.KNOWN[KIND]
