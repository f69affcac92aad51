"""The last gate before a letter leaves: what may be a mistake is asked once, and nothing is lost meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from makegood.agents.models import Agent
from makegood.conversations.envelope import Address
from makegood.conversations.errors import Held
from makegood.conversations.models import Conversation, Message, Note
from makegood.conversations.queries.circles import circle_around
from makegood.conversations.queries.newer import MOST, newer_than, of_people
from makegood.conversations.questions import MIXED, NEWER, NOTE, Question, answer_to
from makegood.conversations.repeats import repeated, still_repeated

NOTES, NOTE_LETTERS = 300, 200_000  # the newest notes that are compared, and how much of them
MESSAGES, MESSAGE_LETTERS = 300, 2_000_000


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, the last public message that they have seen (None: nobody says), and what they have answered."""

    agent: Agent
    seen: int | None = None
    answer: str = ""


def ask(conversations: Sequence[Conversation], text: str, to: Iterable[Address], *, writer: Writer) -> list[Question]:
    """What was asked and is answered; raises `Held` when something still has to be asked.

    `conversations`: the one the letter belongs to first, then the one it came from. Call it while nobody else can
    write in the first: of two who answer at the same moment, the second is asked.
    """
    emails = list(dict.fromkeys(address.email for address in to))
    circle = circle_around(emails)
    questions = []
    if newer := _newer(conversations[0], writer):
        questions.append(Question(NEWER, tuple(str(number) for number in newer)))
    if circle.mixes(emails) and _has_somebody_new(conversations[0], emails):
        questions.append(Question(MIXED, tuple(circle.inside(emails))))
    if len(circle.inside(emails)) < len(emails) and (passages := _of_notes(conversations, text)):
        questions.append(Question(NOTE, tuple(passages)))
    if questions and writer.answer != answer_to(questions):
        raise Held(questions, seen=writer.seen)
    return questions


def _newer(conversation: Conversation, writer: Writer) -> list[int]:
    if writer.seen is None:
        return []
    rows = of_people(newer_than(writer.seen, conversation, reader=writer.agent))
    return list(rows.values_list("pk", flat=True)[:MOST])


def _has_somebody_new(conversation: Conversation, emails: list[str]) -> bool:
    """Who was in our last letter already was asked about then."""
    ours = conversation.messages.filter(direction=Message.OUT, is_automatic=False).order_by("-at", "-pk").first()
    before = {email.lower() for _, email in [*ours.to, *ours.cc, *ours.bcc]} if ours else set()
    return any(email.lower() not in before for email in emails)


def _of_notes(conversations: Sequence[Conversation], text: str) -> list[str]:
    """Public messages are read only when a note's words stand in the letter at all."""
    notes = list(_newest(Note.objects.filter(conversation__in=conversations), NOTES, NOTE_LETTERS))
    if not notes or not repeated(text, notes):
        return []
    messages = Message.objects.filter(conversation__in=conversations)
    return still_repeated(text, notes, _newest(messages, MESSAGES, MESSAGE_LETTERS))


def _newest(rows: QuerySet[Note] | QuerySet[Message], most: int, letters: int) -> Iterator[str]:
    texts = rows.order_by("-at", "-pk").values_list("text", flat=True)[:most]
    for text in texts.iterator(chunk_size=50):
        yield text[:letters]
        letters -= len(text)
        if letters <= 0:
            return
