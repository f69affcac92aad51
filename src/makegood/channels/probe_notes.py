"""The connection test's own notes: what comes back of them is kept as it came, and is no conversation.

Only a Message-ID that we made and remember counts, and only in the inbox that it was sent from; all else is mail.
"""

from __future__ import annotations

from makegood.channels.models import ProbeNote, RawMessage
from makegood.clock.now import now
from makegood.conversations.envelope import Incoming
from makegood.inboxes.models import Inbox


def remember(inbox: Inbox, message_id: str) -> None:
    """Before the note leaves: it may be back before its server has answered."""
    ProbeNote.objects.create(inbox=inbox, message_id=message_id, sent_at=now())


def is_back(inbox: Inbox, message_id: str) -> bool:
    """Whether we have received it."""
    return ProbeNote.objects.filter(inbox=inbox, message_id=message_id, raw_id__isnull=False).exists()


def recognise(raw: RawMessage, incoming: Incoming) -> bool:
    """True for a note of ours, which is thereby back."""
    if not incoming.may_be_probe_note:
        return False
    return bool(ProbeNote.objects.filter(inbox_id=raw.inbox_id, message_id=incoming.message_id).update(raw_id=raw.pk))
