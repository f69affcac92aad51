"""Where a conversation is to be found since it was merged, and what has been merged into one."""

from __future__ import annotations

from makegood.conversations.models import Conversation


def now_at(number: int) -> Conversation:
    """The conversation itself, or the one that it went into in the end; a statement for each step of the way."""
    rows = Conversation.objects.select_related("contact__company")
    conversation = rows.get(pk=number)
    while conversation.merged_into_id:
        conversation = rows.get(pk=conversation.merged_into_id)
    return conversation


def merged_under(number: int) -> set[int]:
    """What went into it, and into those, without itself."""
    found: set[int] = set()
    level = {number}
    while level:
        rows = Conversation.objects.filter(merged_into__in=level).values_list("pk", flat=True)
        level = set(rows) - found
        found |= level
    return found
