"""Adding and changing inboxes, and noting how they are."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from makegood.clock.now import now
from makegood.errors import Refused
from makegood.eventlog.events import Actor
from makegood.eventlog.recording import action, record
from makegood.inboxes import sealing
from makegood.inboxes.events import InboxAdded, InboxHealthChanged, InboxUpdated
from makegood.inboxes.models import Inbox


@action
def add_inbox(
    *, name: str, address: str, channel: str, settings: Mapping[str, object], secrets: Mapping[str, str], by: Actor
) -> Inbox:
    """A new address we are reached at; refuses one that exists."""
    inbox = Inbox(name=name, address=address.lower(), channel=channel, settings=dict(settings))
    sealing.seal(inbox, dict(secrets))
    try:
        with transaction.atomic():
            inbox.save()
    except IntegrityError as error:
        raise Refused(f"There is an inbox for {address} already.") from error
    record(InboxAdded(inbox_id=inbox.pk, scope=inbox.pk), by=by)
    return inbox


@action
def update_inbox(
    inbox: Inbox, *, fields: Mapping[str, object], secrets: Mapping[str, str] | None = None, by: Actor
) -> None:
    """Set fields; secrets given replace those of the same name, the others stay."""
    for name, value in fields.items():
        setattr(inbox, name, value)
    if secrets:
        sealing.seal(inbox, {**sealing.unseal(inbox), **secrets})
    inbox.save()
    record(InboxUpdated(inbox_id=inbox.pk, fields=sorted(fields), scope=inbox.pk), by=by)


@action
def note_health(inbox: Inbox, *, good: bool, said: str = "", by: Actor) -> None:
    """Whether mail comes and goes; the event is recorded only when that changes."""
    health = "good" if good else "bad"
    Inbox.objects.filter(pk=inbox.pk).update(health=health, health_said=said, checked_at=now())
    if inbox.health != health:
        record(InboxHealthChanged(inbox_id=inbox.pk, health=health, scope=inbox.pk), by=by)
    inbox.health, inbox.health_said = health, said
