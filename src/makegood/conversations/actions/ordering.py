"""What the list is ordered by and shows, kept on the conversation itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from makegood.conversations.events import DueTimeChanged
from makegood.conversations.models import Conversation, Message
from makegood.conversations.preview import line_of
from makegood.eventlog.events import SYSTEM
from makegood.eventlog.recording import action, record

TOLD_ONE_BY_ONE = 20


@dataclass(frozen=True, slots=True)
class Due:
    """What the standard says of a conversation in which somebody waits since `waiting_since`; `at` None: nothing."""

    conversation_id: int
    waiting_since: datetime | None
    standard: str
    at: datetime | None


@action
def set_standards(dues: Iterable[Due], *, waits: bool = False) -> list[int]:
    """Store what was reckoned, unless another wait has begun meanwhile.

    What somebody writes in just now is left out and returned, unless `waits`: a batch of events holds many
    conversations, and while it waited for one more, whoever has that one could wait for it.
    """
    changed: list[int] = []
    busy: list[int] = []
    for due in dues:
        rows = Conversation.objects.filter(pk=due.conversation_id, waiting_since=due.waiting_since)
        others = rows.exclude(standard=due.standard, standard_due_at=due.at)
        if not waits and _is_busy(others):
            busy.append(due.conversation_id)
        elif others.update(standard=due.standard, standard_due_at=due.at):
            changed.append(due.conversation_id)
    _tell(changed)
    return busy


def _is_busy(rows: QuerySet[Conversation]) -> bool:
    """Whether there is such a row and it is somebody else's; else it is ours. SQLite has one writer at a time."""
    if not connection.features.has_select_for_update_skip_locked:
        return False
    return not rows.select_for_update(skip_locked=True).values_list("pk").first() and rows.exists()


def _tell(changed: list[int]) -> None:
    """Each conversation, or, when all that waits was reckoned anew, only whose lists have another order."""
    rows = Conversation.objects.filter(pk__in=changed)
    if len(changed) <= TOLD_ONE_BY_ONE:
        for conversation in rows:
            record(DueTimeChanged(**conversation.ids), by=SYSTEM)
    else:
        for scope in sorted(set(rows.values_list("inbox_id", flat=True))):
            record(DueTimeChanged(scope=scope), by=SYSTEM)


@action
def refresh(conversation: Conversation) -> None:
    """Read the newest line and who waits since when from the messages, after one was taken back or failed."""
    # Locked before they are read: a letter that comes in at this moment comes before, or tells its own afterwards.
    Conversation.objects.select_for_update().get(pk=conversation.pk)
    people = Message.objects.filter(conversation=conversation, is_automatic=False).order_by("at", "id")
    newest = people.exclude(state=Message.FAILED).last()
    answer = people.filter(direction=Message.OUT, state__in=Message.ARRIVING).last()
    unanswered = people.filter(direction=Message.IN)
    if answer is not None:
        unanswered = unanswered.filter(at__gt=answer.at)
    oldest = unanswered.first()
    if newest is not None:
        conversation.last_at, conversation.last_line = newest.at, line_of(newest.reply_text or newest.text)
    conversation.waiting_since = oldest.at if oldest else None
    conversation.save(update_fields=["last_at", "last_line", "waiting_since"])
