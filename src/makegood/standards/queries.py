"""Which target holds for a conversation, and what the pages about them read."""

from __future__ import annotations

from django.db.models import QuerySet

from makegood.conversations.models import Conversation
from makegood.eventlog.recording import read_once
from makegood.standards.models import AnswerTarget, ReadyAnswer
from makegood.standards.targets import DEFAULT, KNOWN, NOTHING, Target


def targets() -> QuerySet[AnswerTarget]:
    """All of them, the house's first."""
    return AnswerTarget.objects.select_related("inbox", "team").order_by("inbox__name", "team__name")


@read_once
def _all() -> dict[tuple[int | None, int | None], tuple[str, str]]:
    rows = AnswerTarget.objects.values_list("inbox_id", "team_id", "first", "following")
    return {(inbox, team): (first, following) for inbox, team, first, following in rows}


def target_for(inbox_id: int, team_id: int | None, standard: str) -> Target:
    """Of inbox and team, else of the inbox, else of the team, else of the house, else what everybody begins with."""
    kept = _all()
    for place in ((inbox_id, team_id), (inbox_id, None), (None, team_id), (None, None)):
        if place in kept:
            first, following = kept[place]
            return KNOWN.get(first if standard == Conversation.FIRST else following, NOTHING)
    return KNOWN[DEFAULT]


def of_house() -> dict[str, str]:
    """What holds where nothing special is said."""
    first, following = _all().get((None, None), (DEFAULT, DEFAULT))
    return {"first": first, "following": following}


def has_standard() -> bool:
    """Whether somebody has said how soon everybody is answered."""
    return (None, None) in _all()


@read_once
def answers_of(inbox_id: int) -> dict[tuple[str, str], ReadyAnswer]:
    """What this inbox answers by itself, by occasion and language; most answer nothing, and then it costs one query."""
    rows = ReadyAnswer.objects.filter(inbox=inbox_id, inbox__is_active=True, is_on=True)
    return {(answer.occasion, answer.language): answer for answer in rows}
