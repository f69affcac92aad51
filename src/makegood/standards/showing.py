"""What the pages tell of targets and due times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from makegood.agents.queries import hours_of
from makegood.clock.hours import Hours
from makegood.clock.now import now
from makegood.conversations.models import Conversation
from makegood.inboxes.models import Inbox
from makegood.standards.answer_words import languages, occasion_words
from makegood.standards.models import AnswerTarget, ReadyAnswer
from makegood.standards.queries import target_for
from makegood.standards.reckoning import reckon
from makegood.standards.targets import KNOWN, NOTHING, Target
from makegood.standards.wording import sentence_of, words_of


@dataclass(frozen=True, slots=True)
class Line:
    """A special target on the page of all."""

    id: int
    whose: str
    first: str
    following: str


@dataclass(frozen=True, slots=True)
class Why:
    """A due time and its sentence."""

    due_at: datetime
    sentence: str
    zone: str


def in_words(target: AnswerTarget) -> Line:
    """Whose it is, and what it says."""
    names = [str(one) for one in (target.inbox, target.team) if one]
    first, following = (words_of(KNOWN.get(word, NOTHING)) for word in (target.first, target.following))
    return Line(target.pk, " · ".join(names), first, following)


def why(conversation: Conversation) -> Why | None:
    """None when no standard holds for it now."""
    if not conversation.standard or conversation.waiting_since is None:
        return None
    target = target_for(conversation.inbox_id, conversation.team_id, conversation.standard)
    hours = hours_of(conversation.team_id)
    reckoned = reckon(conversation.waiting_since, target, hours)
    if reckoned is None:
        return None
    return Why(reckoned.due_at, sentence_of(reckoned, target, hours.zone), hours.zone.key)


def example_of() -> str:
    """What would hold for somebody who writes at this moment, by what is said of the house."""
    return example_by(target_for(0, None, Conversation.FIRST), hours_of(None))


def example_by(target: Target, hours: Hours) -> str:
    """The same for a target and hours that are being chosen."""
    reckoned = reckon(now(), target, hours)
    if reckoned is None:
        return _("Whoever writes now is answered without a time of our own.")
    return sentence_of(reckoned, target, hours.zone)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An automatic answer in the list of an inbox."""

    id: int
    occasion: str
    language: str
    words: str
    is_on: bool


def answers_in_words(inbox: Inbox) -> list[AnswerLine]:
    """All of the inbox, those that go out and those that do not."""
    occasions, spoken = occasion_words(), dict(languages())
    return [
        AnswerLine(
            answer.pk, str(occasions.get(answer.occasion, "")),
            spoken.get(answer.language, answer.language) or _("Every other language"), answer.words, answer.is_on,
        )
        for answer in ReadyAnswer.objects.filter(inbox=inbox)
    ]  # fmt: skip
