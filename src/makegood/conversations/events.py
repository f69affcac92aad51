"""What can happen to a conversation."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.eventlog.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationOpened(Event, name="conversation.opened"):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationSeen(Event, name="conversation.seen"):
    """By an agent; once an hour. For the audit alone: without a scope, so that no open page hears of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Event, name="message.received"):
    """`kind` as in the envelope; `is_history` for old mail, which starts no clocks and no answers."""

    message_id: int
    kind: str = "message"
    is_history: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyWritten(Event, name="reply.written"):
    message_id: int
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplySentAnyway(Event, name="reply.sent_anyway"):
    """Somebody was asked before it left, and sent it; `questions` as in `questions.Question.kind`."""

    message_id: int
    questions: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyUndone(Event, name="reply.undone"):
    message_id: int
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplySent(Event, name="reply.sent"):
    """`is_automatic`: no person wrote it, so nobody has answered the customer by it."""

    message_id: int
    key: str
    is_automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyFailed(Event, name="reply.failed"):
    """The server refused it for good, we gave up, or it came back."""

    message_id: int
    key: str
    is_automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyUncertain(Event, name="reply.uncertain"):
    """The line broke after the last byte: it may or may not have arrived."""

    message_id: int
    key: str
    is_automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyDelayed(Event, name="reply.delayed"):
    message_id: int
    key: str
    is_automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticAnswerWritten(Event, name="automatic_answer.written"):
    message_id: int
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticAnswersStopped(Event, name="automatic_answers.stopped"):
    """To one address, until a person looks; `because` as in `loops.Alarm`."""

    answers_id: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticAnswersAllowed(Event, name="automatic_answers.allowed"):
    """A person has looked."""

    answers_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten(Event, name="note.written"):
    note_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationAssigned(Event, name="conversation.assigned"):
    """`message_id`: the answer by which they took it."""

    agent_id: int | None = None
    team_id: int | None = None
    message_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationClosed(Event, name="conversation.closed"):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationReopened(Event, name="conversation.reopened"):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationSnoozed(Event, name="conversation.snoozed"):
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationWoken(Event, name="conversation.woken"):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationTagged(Event, name="conversation.tagged"):
    tag_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationUntagged(Event, name="conversation.untagged"):
    tag_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationMarkedSpam(Event, name="conversation.marked_spam"):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationClearedOfSpam(Event, name="conversation.cleared_of_spam"):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationHeld(Event, name="conversation.held"):
    """A letter that was read again turned out to bring a code or link of another service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationReleased(Event, name="conversation.released"):
    """It was held back, since it brings a code or link of another service; somebody has looked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationCustomerChanged(Event, name="conversation.customer_changed"):
    """Its sender wrote for somebody else, or for itself after all; `contact_id` is the customer from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTimeChanged(Event, name="due_time.changed"):
    """By a standard: the list is in another order. Without a conversation: many of that inbox at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationMerged(Event, name="conversation.merged"):
    """Into another; told of the one that is gone."""

    other_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationTookIn(Event, name="conversation.took_in"):
    """Another was merged into this one."""

    other_id: int
    merge_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationUnmerged(Event, name="conversation.unmerged"):
    """It came back out of another."""

    other_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationGaveBack(Event, name="conversation.gave_back"):
    """What had been merged into this one left it again."""

    other_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationSplit(Event, name="conversation.split"):
    """A part of it became a conversation of its own."""

    other_id: int
    split_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationSplitOff(Event, name="conversation.split_off"):
    """It began as a part of another."""

    other_id: int
    split_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRejoined(Event, name="conversation.rejoined"):
    """A part that was split off is here again."""

    other_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationMoved(Event, name="conversation.moved"):
    """`scope` is the inbox that it is in from now on."""

    from_inbox_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationMovedAway(Event, name="conversation.moved_away"):
    """The same for those who see the inbox that it left, which is the `scope`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRenamed(Event, name="conversation.renamed"):
    """It has another subject; the words are kept by the conversation alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationToldApart(Event, name="conversation.told_apart"):
    """It does not belong to the one that it was said to."""

    other_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationFollowed(Event, name="conversation.followed"):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationUnfollowed(Event, name="conversation.unfollowed"):
    pass
