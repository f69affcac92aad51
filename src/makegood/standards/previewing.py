"""An automatic answer whole, as a customer gets it, at the next moment at which it would go out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.agents.queries import hours_of
from makegood.clock.now import now
from makegood.conversations.automatic_words import subject_of, with_notice
from makegood.standards.answer_words import written_out
from makegood.standards.models import ReadyAnswer
from makegood.standards.ready_answers import Occasion, moment_of
from makegood.text.language import guess


@dataclass(frozen=True, slots=True)
class Preview:
    """What the shop does not write itself stands in it, too. `text` empty: it would not be sent."""

    language: str
    at: datetime | None
    subject: str
    text: str


def preview_of(answer: ReadyAnswer) -> Preview:
    """To a letter that comes at the next moment of its occasion."""
    hours = hours_of(answer.inbox.team_id)
    at = moment_of(Occasion(answer.occasion), hours, now())
    words = written_out(answer, answer.inbox, answer.inbox.team_id, hours, at) if at else ""
    signature = answer.inbox.signature.strip()
    signed = f"\n\n-- \n{signature}" if signature else ""
    language = answer.language or guess(answer.words)
    with override(language or None):
        subject = subject_of(_("Where is my parcel"))
    return Preview(language, at, subject, with_notice(words) + signed if words else "")
