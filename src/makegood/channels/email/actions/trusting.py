"""What the DNS says of an inbox's domain is kept with the inbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from makegood.channels.email.dns import UNKNOWN, Finding
from makegood.clock.now import now
from makegood.eventlog.events import Actor
from makegood.eventlog.recording import action
from makegood.inboxes.actions.checking import note_trust
from makegood.inboxes.actions.managing import update_inbox
from makegood.inboxes.models import Inbox


@action
def keep_trust(inbox: Inbox, findings: Sequence[Finding], *, by: Actor) -> None:
    """A finding for which the DNS was silent does not take the place of one that is known."""
    before = {one["name"]: one for one in (inbox.settings.get("trust") or {}).get("findings", [])}
    kept = [before.get(one.name, asdict(one)) if one.state == UNKNOWN else asdict(one) for one in findings]
    note_trust(inbox, {"at": now().isoformat(), "findings": kept}, by=by)


@action
def name_selector(inbox: Inbox, selector: str, *, by: Actor) -> None:
    """The DKIM selector that the administrator knows of."""
    update_inbox(inbox, fields={"settings": {"dkim_selector": selector}}, by=by)
