"""When the next answer of a conversation is due by our standard: reckoned, and stored where the list is ordered."""

from __future__ import annotations

from collections.abc import Iterable

from makegood.agents.queries import hours_of
from makegood.conversations.actions.ordering import Due, set_standards
from makegood.conversations.models import Conversation
from makegood.conversations.queries.standing import Standing, standing_of
from makegood.eventlog.recording import action
from makegood.standards.queries import target_for
from makegood.standards.reckoning import reckon


@action
def reckon_due(conversation_ids: Iterable[int], *, waits: bool = False) -> list[int]:
    """For each of them; returns those in which somebody writes just now, unless it `waits` until they are done."""
    reckoned = ((standing, _due(standing)) for standing in standing_of(conversation_ids))
    others = (due for standing, due in reckoned if (due.standard, due.at) != (standing.standard, standing.due_at))
    return set_standards(others, waits=waits)


def _due(standing: Standing) -> Due:
    if not standing.is_owed or standing.waiting_since is None:
        return Due(standing.id, standing.waiting_since, "", None)
    standard = Conversation.NEXT if standing.is_answered else Conversation.FIRST
    target = target_for(standing.inbox_id, standing.team_id, standard)
    reckoned = reckon(standing.waiting_since, target, hours_of(standing.team_id))
    return Due(standing.id, standing.waiting_since, standard if reckoned else "", reckoned.due_at if reckoned else None)
