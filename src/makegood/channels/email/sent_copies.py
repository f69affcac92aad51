"""A copy of what we sent goes into the Sent folder of the mailbox, once, so that other mail programs show it, too."""

from __future__ import annotations

import imaplib

from makegood.channels.email import imap
from makegood.channels.email.connecting import ImapSettings
from makegood.channels.errors import SourceFailed
from makegood.inboxes.models import Inbox


def wants_copy(inbox: Inbox) -> bool:
    """Whether the administrator asked for copies, and the inbox may change its server."""
    kept = inbox.settings.get("imap") or {}
    return bool(inbox.settings.get("sent_copies") and kept.get("sent_folder") and not kept.get("trial"))


def append_copy(settings: ImapSettings, message_id: str, content: bytes) -> bool:
    """Append unless the folder has a message of this Message-ID; says whether it did. Raises SourceFailed."""
    try:
        box = imap.connect(settings.server, imap.JOB_SECONDS)
        try:
            box.folder.set(settings.sent_folder)
            if _has(box.client, message_id):
                return False
            box.append(content, settings.sent_folder, dt=None, flag_set=["\\Seen"])
            return True
        finally:
            box.logout()
    except imap.WIRE_ERRORS as error:
        raise SourceFailed(imap.explain(settings.server, error)) from error


def _has(client: imaplib.IMAP4, message_id: str) -> bool:
    status, found = client.uid("SEARCH", "HEADER", "Message-ID", f'"{message_id}"')
    if status != "OK":
        raise imaplib.IMAP4.error(f"SEARCH answered {status}")
    return bool(found and found[0])
