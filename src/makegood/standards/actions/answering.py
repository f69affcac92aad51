"""What an inbox answers by itself: written, seen, switched on and off, removed; and the answer to one letter."""

from __future__ import annotations

from makegood.agents.models import Agent
from makegood.conversations.actions.auto_answering import answer_by_itself
from makegood.conversations.models import Message
from makegood.eventlog.events import Actor
from makegood.eventlog.recording import action, record
from makegood.inboxes.models import Inbox
from makegood.standards.answer_words import words_for
from makegood.standards.events import ReadyAnswerRemoved, ReadyAnswerSwitched, ReadyAnswerWritten
from makegood.standards.models import ReadyAnswer
from makegood.standards.ready_answers import Occasion


@action
def write_answer(inbox: Inbox, *, occasion: str, language: str, words: str, by: Actor) -> ReadyAnswer:
    """New words are off until they are switched on; the same words stay as they are."""
    known = ReadyAnswer.objects.filter(inbox=inbox, occasion=occasion, language=language).first()
    if known and known.words == words:
        return known
    new = {"words": words, "is_on": False}
    answer, _ = ReadyAnswer.objects.update_or_create(inbox=inbox, occasion=occasion, language=language, defaults=new)
    record(ReadyAnswerWritten(answer_id=answer.pk, scope=inbox.pk), by=by)
    return answer


@action
def switch(answer: ReadyAnswer, *, is_on: bool, words: str, by: Actor) -> bool:
    """Only with the words that were seen: False when somebody has written others meanwhile."""
    rows = ReadyAnswer.objects.filter(pk=answer.pk, words=words)
    if rows.exclude(is_on=is_on).update(is_on=is_on):
        record(ReadyAnswerSwitched(answer_id=answer.pk, is_on=is_on, scope=answer.inbox_id), by=by)
    return rows.exists()


@action
def answer_from_now_on(inbox: Inbox, words: str, *, by: Actor) -> ReadyAnswer:
    """The same words for every letter, from the console, where whoever writes them has them before their eyes."""
    answer = write_answer(inbox, occasion=Occasion.RECEIVED, language="", words=words.strip(), by=by)
    switch(answer, is_on=True, words=answer.words, by=by)
    return answer


@action
def remove_answer(answer: ReadyAnswer, *, by: Agent) -> None:
    """It is never sent again."""
    if ReadyAnswer.objects.filter(pk=answer.pk).delete()[0]:
        record(ReadyAnswerRemoved(answer_id=answer.pk, scope=answer.inbox_id), by=by.actor)


@action
def answer_letter(message: Message, *, is_history: bool) -> Message | None:
    """By the words that fit the moment it came and its language; None where there are none, or nobody may get one."""
    words = words_for(message)
    return answer_by_itself(message, words, is_history=is_history) if words else None
