"""What an answer standard needs to know of conversations: who waits since when, and whether anybody has answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from makegood.conversations.models import Conversation, Message

OWED = {Conversation.OPEN, Conversation.SNOOZED}


@dataclass(frozen=True, slots=True)
class Standing:
    """`is_owed`: it stands where answers are owed. `is_answered`: a person of ours has answered before."""

    id: int
    inbox_id: int
    team_id: int | None
    waiting_since: datetime | None
    is_owed: bool
    is_answered: bool
    standard: str  # as it is stored now, with its due time
    due_at: datetime | None


def standing_of(conversation_ids: Iterable[int]) -> list[Standing]:
    """Two queries, however many they are."""
    columns = ("pk", "inbox_id", "team_id", "waiting_since", "status", "standard", "standard_due_at")
    rows = list(Conversation.objects.filter(pk__in=list(conversation_ids)).values_list(*columns))
    waiting = [row[0] for row in rows if row[3] is not None and row[4] in OWED]
    answers = Message.objects.filter(conversation__in=waiting, is_automatic=False, state__in=Message.ARRIVING)
    answered = set(answers.values_list("conversation_id", flat=True).distinct()) if waiting else set()
    return [
        Standing(pk, inbox_id, team_id, since, status in OWED, pk in answered, standard, due_at)
        for pk, inbox_id, team_id, since, status, standard, due_at in rows
    ]


def waiting_ids() -> list[int]:
    """All in which somebody waits where answers are owed, or that have a due time all the same; oldest wait first."""
    owed = Conversation.objects.filter(status__in=OWED)
    waiting = owed.filter(waiting_since__isnull=False).order_by("waiting_since").values_list("pk", flat=True)
    due = Conversation.objects.filter(standard_due_at__isnull=False).values_list("pk", flat=True)
    return list(dict.fromkeys([*waiting, *due]))
