"""The furnished house with markup in every text that anybody can set, so that a page which does not escape is seen.

A canary names its place by a number (`/planted/17`): a page that shows it shows the number, whatever becomes of it.
"""

from __future__ import annotations

import base64
import itertools
import json
import uuid
from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import models
from django.urls import reverse
from fido2.cose import ES256
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from makegood.agents.models import Agent
from makegood.clock.now import now
from makegood.contacts.models import Company, Handle
from makegood.conversations.actions.indexing import index_message, index_note
from makegood.conversations.models import Attachment, Conversation, Delivery, Draft, Message, Note, Participant
from makegood.eventlog.models import Cursor, LoggedEvent
from makegood.files.models import StoredFile
from makegood.inboxes.models import Inbox
from makegood.jobs.models import Job, Schedule
from makegood.jobs.recurring import RECURRING
from makegood.search.models import SearchDocument
from makegood.text.sanitising import sanitise
from tests.journeys.furnished import Furnished, client_of, furnish

# Nobody writes these: digests, places on the disk, names of zones; and what the house says to itself.
TECHNICAL = {
    "password", "token_hash", "secrets", "sha256", "path", "timezone", "html", "session_key", "unique_key", "worker",
    "country", "region",
}  # fmt: skip
INNER = {Cursor, LoggedEvent, Schedule, SearchDocument}
SHORTEST = "'\"><i hx-get=/planted/{0} data-planted>"
PIECES = (
    "<img src=https://planted.example/{0} onerror=window.planted={0}>",
    "</script></textarea></title></style><script>window.planted={0}</script>",
    '<b data-planted hx-get="/planted/{0}" hx-trigger="load" hx-on:click="planted"></b>',
)
LETTER = (
    "<p data-planted id=planted hx-get=/planted/{0} hx-trigger=load onmouseover=window.planted={0}>/planted/{0}</p>"
    "<img src=https://planted.example/{0} onerror=window.planted={0}><script>window.planted={0}</script>"
    "<a href='javascript:window.planted={0}'>x</a><form action=/planted/{0}><input autofocus onfocus=planted></form>"
)


@dataclass
class Canaries:
    """Those that were planted; `places` by number."""

    places: dict[int, str] = field(default_factory=dict)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(10))

    def one(self, place: str, room: int | None = None) -> str:
        """For a place of `room` letters: as many ways out of a page as fit."""
        number = self._number(place)
        words = SHORTEST.format(number)
        for piece in PIECES:
            more = words + piece.format(number)
            words = more if room is None or len(more) <= room else words
        return words

    def letter(self, place: str) -> str:
        """A sender's HTML, as it is stored: after the sanitiser."""
        return sanitise(LETTER.format(self._number(place)))

    def pairs(self, place: str) -> list[list[str]]:
        """A name and an address, as a message keeps them."""
        return [[self.one(f"{place} (name)"), f'"{self.one(f"{place} (address)")}"@fenwick.example']]

    def _number(self, place: str) -> int:
        number = next(self.numbers)
        self.places[number] = place
        return number


def plant() -> str:
    """JSON for the browser: cookies by role, the arguments of paths by name of the address, the places by number."""
    house, canaries = furnish(), Canaries()
    _furnish_more(house)
    for name, recurring in RECURRING.items():  # the daily look would ask the DNS and write over what is planted
        Schedule.objects.create(name=name, next_at=recurring.after(now()))
    for model in [*(m for m in apps.get_models() if m.__module__.startswith("makegood.")), UserSession]:
        if model not in INNER:
            _plant_columns(model, canaries)
    _plant_json(canaries)
    _plant_passkey(house, canaries)
    agent = Agent.objects.get(pk=house.people["agent"].pk)
    house.arguments["reset"]["token"] = default_token_generator.make_token(agent)  # it holds the address, too
    for message in Message.objects.all():
        index_message(message, [one.file for one in message.attachments.select_related("file")])
    for note in Note.objects.all():
        index_note(note, note.conversation.inbox_id)
    return json.dumps({
        "cookies": {role: _signed_in(house.people[role], canaries) for role in ("admin", "lead")},
        "arguments": {name: _as_text(given) for name, given in house.arguments.items()},
        "another": {"conversation": {"number": Conversation.objects.latest("pk").pk}},
        "draft": str(Draft.objects.get(mode="forward").pk),
        "places": canaries.places,
    })  # fmt: skip


def _signed_in(person: Agent, canaries: Canaries) -> dict[str, str]:
    cookie = client_of(person).cookies[settings.SESSION_COOKIE_NAME]
    UserSession.objects.filter(user=person).update(user_agent=canaries.one("usersessions_usersession.user_agent"))
    return {"name": cookie.key, "value": cookie.value}


def _as_text(arguments: dict[str, object]) -> dict[str, object]:
    return {name: value if isinstance(value, int) else str(value) for name, value in arguments.items()}


def _furnish_more(house: Furnished) -> None:
    """A row of every kind that the furnished house lacks."""
    conversation, admin = Conversation.objects.get(merged_into=None), house.people["admin"]
    Authenticator.objects.filter(user=house.people["lead"]).delete()
    contact, inbox = conversation.contact, conversation.inbox
    contact.company = Company.objects.create(name="Fenwick", domain="fenwick.example")
    contact.save()
    Handle.objects.create(contact=contact, value="odile@fenwick.example")
    Participant.objects.create(conversation=conversation, email="tobias@fenwick.example")
    Inbox.objects.filter(pk=inbox.pk).update(health="bad")
    Conversation.objects.filter(pk=conversation.pk).update(assignee=admin, is_trouble=True, waiting_since=now())
    Conversation.objects.create(inbox=inbox, contact=contact, created_at=now(), last_at=now(), assignee=admin)
    for message in Message.objects.all():
        Message.objects.filter(pk=message.pk).update(contact=contact if message.direction == "in" else None)
    for state in (Message.FAILED, Message.DELAYED, Message.UNCERTAIN):
        Delivery.objects.create(
            message=Message.objects.get(direction="out"), recipient=f"{state}@fenwick.example", state=state, at=now()
        )
    for is_plain in (True, False):
        Message.objects.create(
            conversation=conversation, inbox=inbox, contact=contact, direction="in", at=now(), html_is_plain=is_plain
        )
    note = Note.objects.create(conversation=conversation, agent=admin, text="-", at=now())
    drafts = [
        Draft.objects.create(agent=admin, conversation=conversation, inbox=inbox),
        Draft.objects.create(agent=admin, mode="forward", inbox=inbox, origin=conversation),
    ]
    for owner in ({"note": note}, *({"draft": draft} for draft in drafts)):
        stored = StoredFile.objects.create(name="-", content_type="-", size=1, sha256="0" * 64, created_at=now())
        Attachment.objects.create(file=stored, **owner)


def _plant_columns(model: type[models.Model], canaries: Canaries) -> None:
    """Every text column of every row; those that are too short for a canary are too short for markup."""
    columns = [
        column
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField)
        and column.name not in TECHNICAL
        and not column.choices
        and (column.max_length or 1000) >= len(SHORTEST) + 1
    ]
    for row in model._default_manager.all() if columns else []:
        places = {column.name: (f"{model._meta.db_table}.{column.name}", column.max_length) for column in columns}
        planted = {name: canaries.one(*place) for name, place in places.items()}
        model._default_manager.filter(pk=row.pk).update(**planted)


def _plant_json(canaries: Canaries) -> None:
    for message in Message.objects.all():
        fields = {name: canaries.pairs(f"message.{name}") for name in ("to", "cc", "bcc", "reply_to")}
        words = {name: [canaries.one(f"message.{name}")] for name in ("problems", "warnings")}
        html = canaries.letter("message.html") if message.direction == "in" else ""
        Message.objects.filter(pk=message.pk).update(**fields, **words, html=html)
    # One who writes for themselves, in a conversation of their own: their page asks about Reply-To.
    alone = Message.objects.filter(pk=Message.objects.latest("pk").pk)
    alone.update(via_name="", via_email="", conversation=Conversation.objects.latest("pk"))
    for inbox in Inbox.objects.all():
        Inbox.objects.filter(pk=inbox.pk).update(settings=_inbox_settings(canaries))
    Job.objects.update(arguments={"args": [canaries.one("job.arguments")], "kwargs": {}})
    LoggedEvent.objects.create(
        at=now(), name="agent.invited", actor=f"agent:{Agent.objects.first().pk}",
        data={"word": canaries.one("event.data")},
    )  # fmt: skip


def _inbox_settings(canaries: Canaries) -> dict[str, object]:
    """What other machines said about an inbox: servers at the test, the domain's records."""

    def said(of: str, *names: str) -> dict[str, str]:
        return {name: canaries.one(f"inbox.settings {of} {name}") for name in names}

    steps = [
        {"name": "found", "state": "done", "broken": [], **said("test", "said", "remedy")},
        {"name": "secure", "state": "failed", "broken": ["out"], **said("test", "said", "remedy")},
    ]
    steps += [{"name": name, "state": "waiting", "said": "", "remedy": "", "broken": []} for name in ("read", "send")]
    steps += [{"name": "return", "state": "waiting", "said": "", "remedy": "", "broken": []}]
    at = now().isoformat()
    findings = [{"name": "DKIM", "state": "missing", **said("trust", "said", "host", "record")}]
    return {
        "way": "forward", "smtp": {"port": 587, "security": "starttls", **said("smtp", "host", "user")},
        "test": {"at": at, "seconds": 1.0, "steps": steps}, "trust": {"at": at, "findings": findings},
    }  # fmt: skip


def _plant_passkey(house: Furnished, canaries: Canaries) -> None:
    """The administrator's, whole enough to be read again."""
    key = AttestedCredentialData.create(
        Aaguid.NONE, uuid.uuid4().bytes, ES256({1: 2, 3: -7, -1: 1, -2: b"x", -3: b"y"})
    )
    facts = AuthenticatorData.create(b"\0" * 32, AuthenticatorData.FLAG.AT, 0, key)
    client = CollectedClientData.create("webauthn.create", b"challenge", "http://localhost")
    response = {"clientDataJSON": client, "attestationObject": AttestationObject.create("none", facts, {})}
    credential = {
        "id": _base64(key.credential_id), "rawId": _base64(key.credential_id), "type": "public-key",
        "response": {name: _base64(bytes(value)) for name, value in response.items()}, "clientExtensionResults": {},
    }  # fmt: skip
    passkey = WebAuthn.add(house.people["admin"], canaries.one("passkey.name"), credential).instance
    assert isinstance(passkey, Authenticator)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        house.arguments[name] = {"pk": passkey.pk}
        assert reverse(name, kwargs=house.arguments[name])


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
