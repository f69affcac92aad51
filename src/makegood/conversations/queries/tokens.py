"""Which of what looks like a token is one."""

from __future__ import annotations

from itertools import batched

from makegood.conversations.models import Conversation

AT_ONCE = 1000  # of a question's values


def tokens_among(found: set[str]) -> set[str]:
    """Those that are some conversation's, of any inbox."""
    return {
        token
        for some in batched(sorted(found), AT_ONCE)
        for token in Conversation.objects.filter(token__in=some).values_list("token", flat=True)
    }
