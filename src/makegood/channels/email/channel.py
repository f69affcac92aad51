"""E-mail as a channel."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from makegood.channels.email import console, fetching
from makegood.channels.email.connecting import SmtpSettings
from makegood.channels.email.doors import Doors
from makegood.channels.email.listening import FolderSource, watched_folders
from makegood.channels.email.showing import light_of
from makegood.channels.email.smtp import hand_over
from makegood.channels.email.writing import compose
from makegood.channels.errors import NotAccepted
from makegood.channels.lights import Light
from makegood.channels.settings_form import SettingsForm
from makegood.conversations.envelope import Outgoing, Raw, Receipt
from makegood.conversations.models import Message
from makegood.inboxes.abilities import Abilities
from makegood.inboxes.models import Inbox


class EmailChannel:
    """See `Channel`."""

    kind = "email"
    name = _("E-mail")
    can = Abilities(html=True, attachments=True, subject=True, several_recipients=True)
    settings_form: type[SettingsForm] | None = None  # pages of its own

    def settings_url(self, inbox: Inbox | None) -> str:
        return reverse("inbox", args=[inbox.pk]) if inbox else reverse("inbox-new")

    def add_arguments(self, parser: ArgumentParser) -> None:
        console.add_arguments(parser)

    def from_arguments(
        self, given: Namespace, secret_of: Callable[[str], str]
    ) -> tuple[Mapping[str, object], Mapping[str, str]]:
        return console.from_arguments(given, secret_of)

    def check(self, inbox: Inbox) -> Iterator[tuple[bool, str]]:
        return console.check(inbox)

    def light_of(self, inbox: Inbox) -> Light:
        return light_of(inbox)

    def sources(self) -> Iterable[FolderSource]:
        return map(FolderSource, watched_folders())

    def release_all(self) -> None:
        fetching.release_all()

    def open_door(self) -> Doors:
        return Doors(settings.DATA, settings.LMTP)

    def accept(self, inbox: Inbox, request: HttpRequest) -> Iterable[Raw]:
        raise NotAccepted

    def known(self, inbox: Inbox) -> Mapping[str, Any]:
        return {"own_servers": inbox.settings.get("own_servers", [])}

    def compose(self, message: Message) -> Outgoing:
        return compose(message)

    def deliver(self, inbox: Inbox, outgoing: Outgoing, handing_over: Callable[[], None]) -> Receipt:
        return hand_over(SmtpSettings.of(inbox), outgoing, handing_over)
