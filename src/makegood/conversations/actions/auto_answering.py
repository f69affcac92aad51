"""A letter that opens a conversation is answered by itself, in words that the inbox keeps; the rules are `loops`."""

from __future__ import annotations

import uuid

from django.db.models import Q

from makegood.agents.models import Agent, House
from makegood.clock.now import now
from makegood.conversations import loops
from makegood.conversations.actions import indexing, placing
from makegood.conversations.actions.replying import message_id_of, references_to
from makegood.conversations.automatic_words import subject_of, with_notice
from makegood.conversations.events import (
    AutomaticAnswersAllowed,
    AutomaticAnswersStopped,
    AutomaticAnswerWritten,
)
from makegood.conversations.models import AutomaticAnswers, Conversation, Message
from makegood.eventlog.events import SYSTEM
from makegood.eventlog.recording import action, record
from makegood.inboxes.addresses import is_among, without_plus
from makegood.inboxes.queries import own_addresses

ANSWERS = uuid.UUID("5b0f4ad5-5e5b-4f58-9a54-0d0f6f3c6b5e")  # whatever it is, so that each letter has one answer's key
COMPARED = 50


@action
def answer_by_itself(message: Message, words: str, *, is_history: bool) -> Message | None:
    """The automatic answer to a letter that came in, or None where nobody may get one. Asked twice it is one.

    It leaves at once by the outbox. The customer waits as before: no person has answered.
    """
    arrived = _arrived(message, is_history=is_history)
    if not message.inbox.is_active or loops.unfit(arrived):
        return None
    key = uuid.uuid5(ANSWERS, str(message.key))
    if known := Message.objects.filter(key=key).first():
        return known
    answers, _ = AutomaticAnswers.objects.get_or_create(address=without_plus(arrived.sender))
    if not answers.stopped_at and (because := _alarm(message)):
        _stop(answers, message.conversation, because)
    moment = now()
    if loops.held_back(_past(message, answers), moment):
        return None
    lately = Q(answered_at__gt=moment - loops.ONCE_IN)
    allowed = AutomaticAnswers.objects.filter(pk=answers.pk, stopped_at=None).exclude(lately)
    return _store(message, key, words) if allowed.update(answered_at=moment) else None


@action
def allow_again(answers: AutomaticAnswers, *, by: Agent) -> None:
    """A person has looked: this address may get automatic answers as before."""
    stopped = AutomaticAnswers.objects.filter(pk=answers.pk, stopped_at__isnull=False)
    if stopped.update(stopped_at=None, stopped_because=""):
        ids = answers.conversation.ids if answers.conversation else {}
        record(AutomaticAnswersAllowed(answers_id=answers.pk, **ids), by=by.actor)


def _arrived(message: Message, *, is_history: bool) -> loops.Arrived:
    address = message.from_email.lower()
    conversation = message.conversation
    is_known = bool(address) and conversation.participants.filter(email=address).exists()
    return loops.Arrived(
        sender=address if is_known else "",
        kind=message.kind,
        is_bulk=bool(message.is_bulk),
        is_ours=bool(address) and is_among(address, own_addresses()),
        is_history=is_history,
        is_spam=conversation.status == Conversation.SPAM or bool(message.contact and message.contact.is_blocked),
    )


def _alarm(message: Message) -> loops.Alarm | None:
    """Of this address, up to this mail: however many there are, only so many as matter are read."""
    before = Message.objects.filter(contact=message.contact_id, direction=Message.IN, at__lte=message.at)
    lately = before.filter(at__gt=message.at - loops.FLOOD_IN).order_by("-at")[: loops.MOST_IN_FLOOD + 1]
    newest = before.filter(at__gt=message.at - loops.IDENTICAL_IN).order_by("-at").values("pk")[:COMPARED]
    equal = Message.objects.filter(pk__in=list(newest.values_list("pk", flat=True)), text=message.text)
    return loops.alarm(within_flood=lately.count(), identical=equal.filter(subject=message.subject).count())


def _stop(answers: AutomaticAnswers, conversation: Conversation, because: loops.Alarm) -> None:
    answers.stopped_at, answers.stopped_because, answers.conversation = now(), because, conversation
    answers.save(update_fields=["stopped_at", "stopped_because", "conversation"])
    record(AutomaticAnswersStopped(answers_id=answers.pk, because=because, **conversation.ids), by=SYSTEM)


def _past(message: Message, answers: AutomaticAnswers) -> loops.Past:
    here = message.conversation.messages
    ours = here.filter(direction=Message.OUT).order_by("at").values_list("is_automatic", flat=True)
    written = list(ours[: loops.MOST_IN_CONVERSATION + 1])
    return loops.Past(
        is_first=all(written) and not here.filter(direction=Message.IN, pk__lt=message.pk).exists(),
        in_conversation=sum(written),
        answered_at=answers.answered_at,
        is_stopped=answers.stopped_at is not None,
    )


def _store(message: Message, key: uuid.UUID, words: str) -> Message:
    """Beside the conversation's order and state, which it leaves as they are."""
    moment, inbox, conversation = now(), message.inbox, placing.in_turn(message.conversation_id)
    house = House.objects.first()
    answer = Message.objects.create(
        conversation=conversation,
        inbox=inbox,
        direction=Message.OUT,
        key=key,
        from_name=(house.name if house else "") or inbox.name,  # never a person's
        from_email=inbox.address,
        to=[["", message.from_email]],  # nor with the name that somebody wrote there
        subject=subject_of(message.subject),  # the conversation's may be a colleague's words, or another customer's
        text=with_notice(words),
        message_id=message_id_of(key, conversation),
        in_reply_to=message.message_id,
        references=references_to(message),
        is_automatic=True,
        at=moment,
        state=Message.WAITING,
        send_at=moment,
    )
    indexing.index_message(answer, [])
    record(AutomaticAnswerWritten(key=str(key), **answer.ids), by=SYSTEM)
    return answer
