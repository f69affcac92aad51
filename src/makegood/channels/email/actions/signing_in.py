"""Tokens of a provider are kept, sealed, with their inbox."""

from __future__ import annotations

from makegood.channels.email.oauth import Tokens
from makegood.clock.now import now
from makegood.eventlog.events import Actor
from makegood.eventlog.recording import action
from makegood.inboxes.actions.managing import update_inbox
from makegood.inboxes.models import Inbox


@action
def keep_tokens(inbox: Inbox, tokens: Tokens, *, by: Actor) -> None:
    """Where the password of other inboxes lies, so that fetching and sending find them there."""
    kept = inbox.settings["oauth"]
    dates = {"signed_in_at": kept.get("signed_in_at") or now().isoformat(), "ends_at": tokens.ends_at.isoformat()}
    lasting = {"oauth_refresh": tokens.refresh} if tokens.refresh else {}
    update_inbox(
        inbox,
        fields={"settings": {"oauth": {**kept, **dates}}},
        secrets={"imap_password": tokens.access, "smtp_password": tokens.access, **lasting},
        by=by,
    )
