"""What waits to leave is tried at once when there is hope that it goes now."""

from __future__ import annotations

from makegood.channels.models import OutboxMail
from makegood.clock.now import now
from makegood.eventlog.recording import action
from makegood.inboxes.models import Inbox


@action
def try_waiting(inbox: Inbox) -> int:
    """Its letters that are queued or delayed are due now, with the same bytes; says how many.

    Uncertain ones wait on: they may have arrived. How often one may be tried in an hour stays as it is.
    """
    moment = now()
    waiting = OutboxMail.objects.filter(inbox=inbox, state__in=[OutboxMail.QUEUED, OutboxMail.DELAYED])
    return waiting.filter(next_at__gt=moment).update(next_at=moment)
