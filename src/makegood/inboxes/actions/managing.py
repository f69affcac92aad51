"""Adding and changing inboxes, and noting how they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from makegood.agents.events import AccessChanged
from makegood.agents.models import Team
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
        raise Refused(_("There is an inbox for %(address)s already.") % {"address": address}) from error
    record(InboxAdded(inbox_id=inbox.pk, scope=inbox.pk), by=by)
    return inbox


@action
def update_inbox(
    inbox: Inbox, *, fields: Mapping[str, object], secrets: Mapping[str, str] | None = None, by: Actor
) -> None:
    """Set fields; settings and secrets given replace those of the same name, the others stay."""
    _refresh_kept(inbox)
    changed = [name for name, value in fields.items() if name != "settings" and getattr(inbox, name) != value]
    for name in changed:
        setattr(inbox, name, fields[name])
    given = fields.get("settings", {})
    assert isinstance(given, Mapping)
    if any(inbox.settings.get(name) != value for name, value in given.items()):
        inbox.settings = {**inbox.settings, **given}
        changed.append("settings")
    if secrets:
        sealing.seal(inbox, {**sealing.unseal_for_change(inbox), **secrets})
        changed.append("secrets")
    if changed:
        _save(inbox, changed)
        record(InboxUpdated(inbox_id=inbox.pk, fields=sorted(changed), scope=inbox.pk), by=by)


@action
def set_access(inbox: Inbox, *, is_open_to_all: bool, teams: Iterable[Team], by: Actor) -> None:
    """Who may open it: everybody, or these teams alone."""
    wanted = {team.pk for team in teams}
    if inbox.is_open_to_all == is_open_to_all and wanted == set(inbox.teams.values_list("pk", flat=True)):
        return
    inbox.is_open_to_all = is_open_to_all
    inbox.save(update_fields=["is_open_to_all"])
    inbox.teams.set(wanted)
    record(InboxUpdated(inbox_id=inbox.pk, fields=["teams"], scope=inbox.pk), by=by)
    record(AccessChanged(), by=by)


@action
def switch(inbox: Inbox, *, is_active: bool, by: Actor) -> None:
    """On or off: while off, nothing is fetched for it and nobody begins a letter from it. Nothing is deleted."""
    if Inbox.objects.filter(pk=inbox.pk, is_active=not is_active).update(is_active=is_active):
        record(InboxUpdated(inbox_id=inbox.pk, fields=["is_active"], scope=inbox.pk), by=by)
    inbox.is_active = is_active


@action
def note_health(inbox: Inbox, *, good: bool, said: str = "", by: Actor) -> None:
    """Whether mail comes and goes. Nothing is written when nothing changes; the event only when the light changes."""
    health = "good" if good else "bad"
    before = Inbox.objects.filter(pk=inbox.pk).values_list("health", "health_said").first()
    if before != (health, said):
        Inbox.objects.filter(pk=inbox.pk).update(health=health, health_said=said, checked_at=now())
    if before and before[0] != health:
        record(InboxHealthChanged(inbox_id=inbox.pk, health=health, scope=inbox.pk), by=by)
    inbox.health, inbox.health_said = health, said


def _refresh_kept(inbox: Inbox) -> None:
    """Settings and secrets as they are now, held until the end: tests, tokens and people write to them at once."""
    now_kept = Inbox.objects.select_for_update().get(pk=inbox.pk)
    inbox.settings, inbox.secrets = now_kept.settings, now_kept.secrets


def _save(inbox: Inbox, names: list[str]) -> None:
    try:
        with transaction.atomic():
            inbox.save(update_fields=names)
    except IntegrityError as error:
        raise Refused(_("There is an inbox for %(address)s already.") % {"address": inbox.address}) from error
