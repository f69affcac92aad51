"""What was found out about an inbox, kept with it: the last connection test, and whether its mail is trusted."""

from __future__ import annotations

from collections.abc import Mapping

from makegood.eventlog.events import Actor
from makegood.eventlog.recording import action, record
from makegood.inboxes.events import InboxTested, InboxTrustChanged
from makegood.inboxes.models import Inbox


@action
def note_test(inbox: Inbox, outcome: Mapping[str, object], *, passed: bool, by: Actor) -> None:
    """The outcome of a connection test, as JSON, takes the place of the last one."""
    _keep(inbox, "test", outcome)
    record(InboxTested(inbox_id=inbox.pk, passed=passed, scope=inbox.pk), by=by)


@action
def note_trust(inbox: Inbox, found: Mapping[str, object], *, by: Actor) -> None:
    """What the DNS says of the sending domain, as JSON with `findings`; an event only when those changed."""
    before = inbox.settings.get("trust", {}).get("findings")
    _keep(inbox, "trust", found)
    if found.get("findings") != before:
        record(InboxTrustChanged(inbox_id=inbox.pk, scope=inbox.pk), by=by)


def _keep(inbox: Inbox, name: str, value: Mapping[str, object]) -> None:
    """Beside what others write at the same time."""
    inbox.settings = {**Inbox.objects.select_for_update().get(pk=inbox.pk).settings, name: dict(value)}
    inbox.save(update_fields=["settings"])
