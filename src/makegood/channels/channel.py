"""What a channel is: one folder that knows one kind of wire, and a line in each of two registries.

`registry.py` names the channel itself, `parsers.py` its pure reader, which the parser process uses. Core code asks a
channel what it can, never which one it is. How to add one: docs/channels.md.
"""

from __future__ import annotations

import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import Any, Protocol

from django.http import HttpRequest

from makegood.channels.intake import Catch
from makegood.channels.lights import Light
from makegood.channels.settings_form import SettingsForm
from makegood.conversations.envelope import Outgoing, Raw, Receipt
from makegood.conversations.models import Message
from makegood.inboxes.abilities import Abilities
from makegood.inboxes.models import Inbox


class Source(Protocol):
    """One place that messages of an inbox are fetched from, such as a folder; a thread of its own looks into it."""

    inbox: Inbox
    name: str  # within the inbox

    def is_like(self, other: Source) -> bool:
        """Whether a thread that looks into `other` may go on, since no setting that matters to it has changed."""

    def listen(self, stop: threading.Event) -> Generator[Catch]:
        """Everything that has not been fetched yet, then what comes, until `stop` or until it cannot go on.

        Asking for the next catch means that the last is committed; only then may the source be told. An empty catch
        says that all is well. It waits by itself between looks, no longer than about twenty seconds. Raises
        SourceFailed with a sentence for people. Two workers may listen at once: whoever needs a place to be one's
        alone takes a lease (`database.leasing`), and ends at once while another has it.
        """

    def release(self) -> None:
        """Let go of a lease, at a clean stop."""


class Door(Protocol):
    """A server of a channel's own that others hand messages to, such as LMTP."""

    def stop(self) -> None:
        """Finish what is in hand."""


class Channel(Protocol):
    """One kind of wire. What it has not got answers with nothing: no sources, no door, nothing accepted."""

    kind: str
    name: Any  # for people, translated when it is shown
    can: Abilities
    settings_form: type[SettingsForm] | None  # what an administrator fills in; None: the channel has pages of its own

    def settings_url(self, inbox: Inbox | None) -> str:
        """The page where an administrator changes this inbox, or adds one: of its own, or that of `form_url`."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What `makegood inbox add` takes for it, beside --address and --name."""

    def from_arguments(
        self, given: Namespace, secret_of: Callable[[str], str]
    ) -> tuple[Mapping[str, object], Mapping[str, str]]:
        """The settings and secrets that those make. `secret_of("TOKEN")`: from MAKEGOOD_TOKEN or standard input."""

    def check(self, inbox: Inbox) -> Iterator[tuple[bool, str]]:
        """The connection test for the console: whether a step went well, and what is said of it."""

    def light_of(self, inbox: Inbox) -> Light:
        """How the inbox does: `plain_light_of` unless the channel knows more."""

    def sources(self) -> Iterable[Source]:
        """Every place that is to be listened to now. Asked every two seconds, so it follows a change of settings."""

    def release_all(self) -> None:
        """At the start of a lone worker: leases of a dead one are void."""

    def open_door(self) -> Door | None:
        """Begin to listen, when this installation is to. It stores by `intake.Gate`, and answers only after that."""

    def accept(self, inbox: Inbox, request: HttpRequest) -> Iterable[Raw]:
        """What a service posts to the inbox's address (`/hooks/<inbox>`), one `Raw` a message.

        Checks the signature first and raises NotAccepted when it is wrong; looks at nothing of what a message says.
        The service is told "received" once all are committed; what it sends again is known by its `source_key`.
        """

    def known(self, inbox: Inbox) -> Mapping[str, Any]:
        """What the channel's `Reader` must know of the inbox, as JSON; no secrets."""

    def compose(self, message: Message) -> Outgoing:
        """The final bytes and the envelope of a message of ours, the same at every attempt.

        Reads the database, sends nothing. Only what a customer may see: the message and its files, never a note.
        """

    def deliver(self, inbox: Inbox, outgoing: Outgoing, handing_over: Callable[[], None]) -> Receipt:
        """Hand it to the next server. Calls `handing_over` before the content leaves; until then nothing was sent.

        Raises DeliveryFailed (permanent: nobody need try again), or DeliveryUncertain once the content has left and
        no answer came. No transaction is open.
        """
