"""What the contract test must know of each channel: its inbox, its raw bytes, and the world at its other end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from django.test import Client
from tests.counterparts.sink import Sink, sink

from makegood.channels.errors import DeliveryFailed
from makegood.channels.intake import IN_ROW, Arriving, raw_of, take_in
from makegood.channels.models import RawMessage
from makegood.channels.tests.factories import mail, wired
from makegood.channels.tests.fake import KIND, FakeChannel, registered, signature
from makegood.conversations.tests.factories import ODILE
from makegood.files.storing import root
from makegood.inboxes.models import Inbox
from makegood.inboxes.sealing import seal


class Wire(Protocol):
    """One channel, with whoever is at its other end."""

    inbox: Inbox

    def comes(self, key: str, text: str) -> None:
        """Odile writes; the same key is the same message once more."""

    def comes_hostile(self) -> None:
        """Something over which the parser ends."""

    def left(self) -> list[bytes]:
        """What has reached the other end."""

    def refuses(self, *, permanent: bool) -> None:
        """The other end takes nothing from now on."""


@dataclass
class EmailWire:
    """Mail handed in as a pipe does it; an SMTP server outside."""

    inbox: Inbox
    outside: Sink

    def comes(self, key: str, text: str) -> None:
        content = mail(text).replace(b"Message-ID: <", f"Message-ID: <{key}-".encode())
        take_in([Arriving(self.inbox, raw_of(content))])

    def comes_hostile(self) -> None:
        """Its parser reads whatever bytes there are, so these are bytes that the disk gives back no more."""
        (number,) = take_in([Arriving(self.inbox, raw_of(mail("x" * IN_ROW)))])
        (root() / RawMessage.objects.get(pk=number).path).unlink()

    def left(self) -> list[bytes]:
        return [caught.content for caught in self.outside.caught]

    def refuses(self, *, permanent: bool) -> None:
        self.outside.at_data = "554 5.7.1 No" if permanent else "451 4.3.0 Later"


@dataclass
class FakeWire:
    """Notes posted to the inbox's hook, signed; a list outside."""

    inbox: Inbox
    channel: FakeChannel

    def comes(self, key: str, text: str) -> None:
        assert self._post(key, json.dumps({"id": key, "from": ODILE.email, "name": ODILE.name, "text": text})) == 204

    def comes_hostile(self) -> None:
        assert self._post("hostile", "{ no JSON") == 204

    def left(self) -> list[bytes]:
        return [outgoing.content for outgoing in self.channel.posted]

    def refuses(self, *, permanent: bool) -> None:
        self.channel.answer = DeliveryFailed("No", permanent=permanent)

    def _post(self, key: str, raw: str) -> int:
        body = json.dumps([{"key": key, "raw": raw}]).encode()
        headers = {"X-Signature": signature(self.inbox, body)}
        url = f"/hooks/{self.inbox.pk}"
        return Client().post(url, body, content_type="application/json", headers=headers).status_code


@contextmanager
def email() -> Iterator[Wire]:
    with sink() as outside:
        yield EmailWire(wired(outside.port), outside)


@contextmanager
def fake() -> Iterator[Wire]:
    with registered() as channel:
        inbox = Inbox(name="Fake", channel=KIND, address="quillfeather", settings={"room": "shop"})
        seal(inbox, {"token": "lantern"})
        inbox.save()
        yield FakeWire(inbox, channel)


WIRES = {"email": email, KIND: fake}
