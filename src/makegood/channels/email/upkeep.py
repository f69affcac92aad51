"""Looking after mailboxes: ask outside, with no transaction open, then keep what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from makegood.channels.email.actions.trusting import keep_trust
from makegood.channels.email.comparing import Compared, compare, fetch_missing
from makegood.channels.email.connecting import ImapSettings
from makegood.channels.email.discovering import resolver
from makegood.channels.email.dns import Finding, check
from makegood.channels.email.fetching import Watched
from makegood.channels.email.imap import JOB_SECONDS, Folder
from makegood.channels.email.sent_copies import append_copy, wants_copy
from makegood.channels.models import FolderMark
from makegood.conversations.envelope import Outgoing
from makegood.eventlog.events import SYSTEM, Actor
from makegood.inboxes.actions.managing import note_health
from makegood.inboxes.models import Inbox

if TYPE_CHECKING:
    import dns.resolver


def look_at_trust(inbox: Inbox, *, by: Actor = SYSTEM, names: dns.resolver.Resolver | None = None) -> list[Finding]:
    """What the DNS says of the inbox's domain, as the page and the daily job ask it."""
    sends_by = (inbox.settings.get("smtp") or {}).get("host", "")
    selector = inbox.settings.get("dkim_selector", "")
    answers = inbox.settings.get("reply_domain", "")
    findings = check(inbox.address, names or resolver(), sends_by=sends_by, selectors=[selector], reply_domain=answers)
    keep_trust(inbox, findings, by=by)
    return findings


def compare_folder(inbox: Inbox, name: str) -> Compared | None:
    """Health turns bad while messages are missing, and good again once they are here. None: never read yet.

    Raises SourceFailed when the server cannot be asked; the listener says so on its own.
    """
    settings = ImapSettings.of(inbox)
    mark = FolderMark.objects.filter(inbox=inbox, folder=name).first()
    if settings is None or mark is None:
        return None
    watched = Watched(inbox, name, settings, is_sent=name == settings.sent_folder)
    with Folder(settings.server, name, seconds=JOB_SECONDS) as folder:
        compared = compare(watched, folder, mark)
        if compared.missing:
            count = len(compared.missing)
            said = f"Of {compared.at_server} messages in {name}, {count} were not here. They are being fetched."
            note_health(inbox, good=False, said=said, by=SYSTEM)
            fetched = fetch_missing(watched, folder, mark, compared)
            said = f"{fetched} of {count} messages that had been missing in {name} were fetched."
            note_health(inbox, good=fetched == count, said=said, by=SYSTEM)
    return compared


def file_copy(inbox: Inbox, outgoing: Outgoing) -> bool:
    """Into the Sent folder, if the inbox wants that; says whether it was put there now."""
    settings = ImapSettings.of(inbox)
    if settings is None or not wants_copy(inbox):
        return False
    return append_copy(settings, outgoing.message_id, outgoing.content)
