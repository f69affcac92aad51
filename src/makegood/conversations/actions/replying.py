"""A reply is written, may be taken back for ten seconds, and then leaves."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from makegood.agents.models import Agent
from makegood.clock.now import now
from makegood.contacts.actions.recognising import recognise
from makegood.conversations import matching
from makegood.conversations.actions import assigning, closing, indexing, ordering
from makegood.conversations.actions.asking import Writer, ask
from makegood.conversations.actions.drafting import in_turn, refuse_taken
from makegood.conversations.actions.releasing import refuse_held
from makegood.conversations.addressing import each_once, kept, typed
from makegood.conversations.envelope import Address
from makegood.conversations.errors import NobodyToWriteTo, NoFilesHere, NothingWritten, OneRecipientOnly, TooLateToUndo
from makegood.conversations.events import ConversationOpened, ReplySentAnyway, ReplyUndone, ReplyWritten
from makegood.conversations.models import Attachment, Conversation, Draft, Message, Participant
from makegood.conversations.preview import line_of
from makegood.conversations.queries.answering import answered_by, subject_at_first
from makegood.eventlog.recording import action, record
from makegood.inboxes.models import Inbox
from makegood.search import index

UNDO_SECONDS = 10
ANSWER = re.compile(r"(?:re|aw|antw|sv|odp|rv) ?:", re.IGNORECASE)  # begins the subject of an answer


@dataclass(frozen=True, slots=True)
class Letter:
    """What an agent wrote and to whom, each of them once. `key` is the draft's: the same key twice is the same letter.

    `origin`: the conversation that a letter of a new one came from. `answer`: to what was asked before it leaves.
    `seen`: the last public message that the writer had seen; None asks nobody.
    """

    text: str
    to: Sequence[Address]
    cc: Sequence[Address] = ()
    bcc: Sequence[Address] = ()
    subject: str = ""
    key: uuid.UUID = field(default_factory=uuid.uuid4)
    origin: Conversation | None = None
    answer: str = ""
    seen: int | None = None

    def __post_init__(self) -> None:
        for name, people in zip(("to", "cc", "bcc"), each_once(self.to, self.cc, self.bcc), strict=True):
            object.__setattr__(self, name, people)

    @property
    def everybody(self) -> list[Address]:
        """In To, Cc and Bcc."""
        return [*self.to, *self.cc, *self.bcc]


@action
def reply(conversation: Conversation, letter: Letter, *, by: Agent) -> Message:
    """The letter waits ten seconds, then leaves. Written twice (a double click, a lost answer) it is one message.

    What was nobody's is the writer's from then on.
    """
    conversation = in_turn(conversation)
    if known := Message.objects.filter(key=letter.key, conversation=conversation, agent=by).first():
        return known
    refuse_held(conversation)
    refuse_taken(letter.key, by=by)
    files_of_draft = Attachment.objects.filter(draft_id=letter.key, draft__agent=by)
    if not letter.text.strip() and not files_of_draft.exists():
        raise NothingWritten
    if not letter.to:
        raise NobodyToWriteTo
    _refuse_unable(conversation.inbox, letter, has_files=files_of_draft.exists)
    writer = Writer(by, letter.seen, letter.answer)
    asked = ask([c for c in (conversation, letter.origin) if c], letter.text, letter.everybody, writer=writer)
    message = _store(conversation, letter, by)
    _take_over_draft(message, by)
    _add_participants(conversation, letter)
    files = [attachment.file for attachment in message.attachments.select_related("file")]
    indexing.index_message(message, files)
    conversation.last_at, conversation.last_line = message.at, line_of(letter.text)
    conversation.waiting_since = None
    conversation.save(update_fields=["last_at", "last_line", "waiting_since"])
    record(ReplyWritten(key=str(message.key), **message.ids), by=by.actor)
    if asked:
        record(ReplySentAnyway(questions=[question.kind for question in asked], **message.ids), by=by.actor)
    assigning.take(message, by=by)
    return message


@action
def begin(inbox: Inbox, letter: Letter, *, by: Agent) -> Message:
    """A new conversation that we begin, with its first letter."""
    Inbox.objects.select_for_update().get(pk=inbox.pk)  # as in `reply`
    if known := Message.objects.filter(key=letter.key, inbox=inbox, agent=by).first():
        return known
    if not letter.to:
        raise NobodyToWriteTo
    contact, _ = recognise(letter.to[0].email, letter.to[0].name)
    moment = now()
    conversation = Conversation.objects.create(
        inbox=inbox,
        contact=contact,
        team_id=inbox.team_id,
        assignee=by,
        subject=letter.subject[:300],  # for colleagues, also where the channel has none
        created_at=moment,
        last_at=moment,
    )
    record(ConversationOpened(**conversation.ids), by=by.actor)
    return reply(conversation, letter, by=by)


@action
def undo(message: Message, *, by: Agent) -> Draft:
    """Call it back: it becomes the draft it was. Exactly one of this and the sending wins."""
    message.conversation = in_turn(message.conversation)
    stands_in = Message.objects.filter(pk=message.pk).values_list("conversation", flat=True).first()
    if stands_in not in {None, message.conversation_id}:  # split off at this moment
        message.conversation = in_turn(Conversation.objects.get(pk=stands_in))
    if not Message.objects.filter(pk=message.pk, state=Message.WAITING).update(state=Message.FAILED):
        raise TooLateToUndo
    draft = _draft_again(message, by)
    names = [attachment.file.name for attachment in message.attachments.select_related("file")]
    index.remove(indexing.document_of_message(message, names))
    Attachment.objects.filter(message=message).update(message=None, draft=draft)
    record(ReplyUndone(key=str(message.key), **message.ids), by=by.actor)
    conversation = message.conversation
    assigning.give_back(message, by=by)
    message.delete()
    ordering.refresh(conversation)
    if conversation.status == Conversation.CLOSED:  # "send and close": the customer has no answer yet
        closing.reopen(conversation, by=by)
    return draft


def _draft_again(message: Message, by: Agent) -> Draft:
    draft, _ = Draft.objects.update_or_create(
        key=message.key,
        agent=by,
        defaults={
            "conversation": message.conversation,
            "inbox": message.inbox,
            "mode": "reply",
            "subject": message.subject,
            "text": message.text,
            "to": typed(message.to),
            "cc": typed(message.cc),
            "bcc": typed(message.bcc),
        },
    )
    return draft


def _refuse_unable(inbox: Inbox, letter: Letter, *, has_files: Callable[[], bool]) -> None:
    """What the inbox's channel cannot carry is said at once; nothing is left out in silence."""
    if not inbox.can.several_recipients and len(letter.everybody) > 1:
        raise OneRecipientOnly
    if not inbox.can.attachments and has_files():
        raise NoFilesHere


def _store(conversation: Conversation, letter: Letter, by: Agent) -> Message:
    moment = now()
    answered = answered_by(conversation, letter.everybody)
    inbox = conversation.inbox
    subject = answered.subject if answered else subject_at_first(conversation)
    return Message.objects.create(
        conversation=conversation,
        inbox=inbox,
        direction=Message.OUT,
        key=letter.key,
        agent=by,
        from_name=inbox.sender_name or f"{by.name}",
        from_email=inbox.address,
        to=kept(letter.to),
        cc=kept(letter.cc),
        bcc=kept(letter.bcc),
        subject=(letter.subject or reply_subject(subject))[:300] if inbox.can.subject else "",
        text=letter.text,
        message_id=message_id_of(letter.key, conversation),
        in_reply_to=answered.message_id if answered else "",
        references=references_to(answered),
        at=moment,
        state=Message.WAITING,
        send_at=moment + timedelta(seconds=UNDO_SECONDS),
    )


def message_id_of(key: uuid.UUID, conversation: Conversation) -> str:
    """Fixed as soon as it is written, so that every try to send it is the same letter."""
    domain = conversation.inbox.address.rpartition("@")[2].lower()
    return matching.message_id(key.hex, conversation.token, domain or "localhost")


def reply_subject(subject: str) -> str:
    """With one "Re:", however many there were, in whatever language."""
    bare = subject.strip()
    while found := ANSWER.match(bare):
        bare = bare[found.end() :].lstrip()
    return f"Re: {bare}" if bare else ""


def references_to(answered: Message | None) -> str:
    """RFC 5322, 3.6.4: the parent's References and its Message-ID; the first and the newest twenty are enough."""
    if answered is None:
        return ""
    ids = [*answered.references.split(), answered.message_id]
    return " ".join(ids if len(ids) <= 21 else [ids[0], *ids[-20:]])


def _take_over_draft(message: Message, by: Agent) -> None:
    Attachment.objects.filter(draft_id=message.key, draft__agent=by).update(draft=None, message=message)
    Draft.objects.filter(key=message.key, agent=by).delete()


def _add_participants(conversation: Conversation, letter: Letter) -> None:
    """Whom we write to takes part from now on: an agent has chosen them."""
    Participant.objects.bulk_create(
        [
            Participant(conversation=conversation, email=address.email.lower(), name=address.name[:200])
            for address in letter.everybody
        ],
        update_conflicts=True,
        update_fields=["is_verified"],
        unique_fields=["conversation", "email"],
    )
