"""A message comes in: who wrote, where it belongs, and what that changes. One transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from makegood.clock.now import now
from makegood.conversations import matching
from makegood.conversations.actions import indexing, placing
from makegood.conversations.actions.attaching import attach_incoming
from makegood.conversations.actions.delivering import note_bounce
from makegood.conversations.actions.identifying import Sender, sender_of, warnings_of
from makegood.conversations.actions.understanding import ids_of, people_of, words_of
from makegood.conversations.addressing import kept
from makegood.conversations.envelope import Incoming, Kind
from makegood.conversations.events import ConversationOpened, ConversationReopened, MessageReceived
from makegood.conversations.models import Conversation, Message, Participant
from makegood.conversations.preview import line_of
from makegood.conversations.queries.tokens import tokens_among
from makegood.conversations.queries.tracing import (
    Stored,
    conversation_in_thread,
    conversation_of_token,
    stored_under,
)
from makegood.conversations.quoting import attribution_of, quoted_of, signature_of
from makegood.database.inserting import insert, insert_unless_known
from makegood.eventlog.recording import action, record
from makegood.inboxes.models import Inbox

MOST_HOLDING = 5  # conversations with one Message-ID that are looked into
PEOPLE = {Kind.MESSAGE}  # only what a person wrote reopens, waits and counts


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the channel knows about a message beside the message itself."""

    inbox: Inbox
    raw_id: int | None
    sha256: str
    received_at: datetime
    is_history: bool = False
    has_null_sender: bool = False  # by the envelope: nobody wants an answer


@action
def receive(incoming: Incoming, arrival: Arrival) -> Message:
    """Store the message in its conversation, or in a new one. The same message again is the message we have."""
    traces = matching.traces(incoming)
    named = stored_under([incoming.message_id, *traces.message_ids], arrival.inbox, same=arrival.sha256)
    if known := _known(incoming, arrival, named):
        return known
    sender = sender_of(incoming)
    contact = sender.contact
    conversation, may_belong_to = _conversation_of(incoming, arrival, sender, traces, named)
    is_new = conversation is None
    if conversation is None:
        conversation = _open(incoming, arrival, sender, may_belong_to)
    message = _store(incoming, arrival, sender, conversation)
    files = attach_incoming(message, incoming.files)
    if not is_new:
        _continue(conversation, message, sender, is_history=arrival.is_history)
    _add_sender(conversation, incoming, sender)
    if incoming.bounce and incoming.bounce.original_message_id:
        _tell_bounced(incoming, conversation)
    indexing.index_message(message, files)
    record(
        MessageReceived(kind=incoming.kind, is_history=arrival.is_history, **message.ids),
        by=contact.actor,
    )
    return message


def _tell_bounced(incoming: Incoming, conversation: Conversation) -> None:
    """The message that came back; naming its Message-ID proves that the notice is about ours."""
    assert incoming.bounce is not None
    ours = conversation.messages.filter(direction=Message.OUT, message_id=incoming.bounce.original_message_id)
    if bounced := ours.first():
        note_bounce(bounced, incoming.kind, incoming.bounce)


def _known(incoming: Incoming, arrival: Arrival, named: list[Stored]) -> Message | None:
    """This very mail from another folder or delivery, or our own message come back to its inbox."""
    own_id = incoming.message_id[: matching.LONGEST_ID]
    ids = [s.id for s in named if s.message_id == own_id and (s.is_ours or s.sha256 == arrival.sha256)]
    same = Message.objects.filter(pk__in=ids) if ids else []
    return next((m for m in same if m.sha256 == arrival.sha256 or _is_our_own(m, incoming)), None)


def _is_our_own(message: Message, incoming: Incoming) -> bool:
    """Our letter with our words and no others; whatever else comes under its Message-ID is kept.

    Everybody who got the letter knows that id, and anybody can write our address into From.
    """
    if message.direction != Message.OUT or incoming.sender is None or not message.text.strip():
        return False
    if incoming.sender.email.lower() != message.from_email.lower():
        return False
    words, signed, full = _words(incoming.text), *_as_sent(message)
    # Between the two lies a history that was cut because it is long.
    return words == _words(message.text) or (words.startswith(signed) and full.startswith(words))


def _as_sent(message: Message) -> tuple[str, str]:
    """The words of our letter with the signatures below, and with the letter it answers below those."""
    signature = signature_of(message)
    signed = f"{message.text}\n--\n{signature}" if signature else message.text
    answered = message.conversation.messages.filter(message_id=message.in_reply_to or None).order_by("-at").first()
    if answered is None:
        return _words(signed), _words(signed)
    return _words(signed), _words(f"{signed}\n{attribution_of(answered)}\n{quoted_of(answered, tokens_among)}")


def _words(text: str) -> str:
    """Without the marks of quoting and with single blanks: what mail programs on the way do not change."""
    return " ".join(word for line in text.splitlines() for word in line.lstrip("> \t").split())


def _conversation_of(
    incoming: Incoming, arrival: Arrival, sender: Sender, traces: matching.Traces, named: list[Stored]
) -> tuple[Conversation | None, Conversation | None]:
    """Where it belongs for certain, or else where it may belong.

    The row is locked: an agent who closes it at this moment closes it before these words or after them.
    """
    if incoming.kind == Kind.VERIFICATION:
        return None, None  # whoever knows our address or Message-ID may have asked for it to be sent there
    found, hint = _matching(arrival, sender, traces, named)
    if Conversation.HELD in {c.status for c in (found, hint) if c}:
        return None, None  # further words of that service would be hidden with it
    if found is not None and sender.is_blocked and incoming.kind in PEOPLE and found.status != Conversation.SPAM:
        return None, found  # where nobody wants to read it: in Spam, by itself
    return found, hint


def _matching(
    arrival: Arrival, sender: Sender, traces: matching.Traces, named: list[Stored]
) -> tuple[Conversation | None, Conversation | None]:
    if (number := conversation_of_token(traces, named, arrival.inbox)) is not None:
        return placing.in_turn(number), None
    known = {s.message_id for s in named}
    newest = next((id_ for id_ in traces.message_ids if id_ in known), None)  # the last valid one wins
    if newest is None:
        return None, _in_thread(traces, arrival)
    # Whoever got a mail can write its Message-ID over one of theirs: it stays where its sender takes part.
    holding: dict[int, set[int]] = {}
    for one in named:
        if one.message_id == newest:
            holding.setdefault(one.conversation_id, set()).update({one.home_id or one.conversation_id})
    conversations = {number: placing.in_turn(number) for number in sorted(holding)[:MOST_HOLDING]}
    address = sender.address.lower()
    for number, conversation in conversations.items():
        is_customer = sender.contact.pk == conversation.contact_id
        if address and (is_customer or _takes_part({conversation.pk, *holding[number]}, address)):
            return conversation, None
    return None, next(iter(conversations.values()))


def _takes_part(where: set[int], address: str) -> bool:
    """In the conversation, or in the one that the letter was written in before both were merged."""
    return Participant.objects.filter(conversation__in=where, email=address, is_verified=True).exists()


def _in_thread(traces: matching.Traces, arrival: Arrival) -> Conversation | None:
    """A hint and never more: a Thread-Index is no id of ours (trust.md, Joining a case)."""
    if not traces.thread_index:
        return None
    return conversation_in_thread(traces.thread_index[:64], arrival.inbox)


def _open(incoming: Incoming, arrival: Arrival, sender: Sender, may_belong_to: Conversation | None) -> Conversation:
    at = at_of(incoming, arrival)
    is_person = incoming.kind in PEOPLE
    conversation = insert(
        Conversation(
            inbox=arrival.inbox,
            contact=sender.contact,
            team_id=arrival.inbox.team_id,
            subject=incoming.subject[:300],
            status=_first_status(incoming, arrival, sender),
            created_at=at,
            last_at=at,
            last_line=line_of(incoming.reply_text or incoming.text),
            waiting_since=at if is_person and not arrival.is_history else None,
            may_belong_to=may_belong_to,
        )
    )
    record(ConversationOpened(**conversation.ids), by=sender.contact.actor)
    return conversation


def _first_status(incoming: Incoming, arrival: Arrival, sender: Sender) -> str:
    if incoming.kind == Kind.VERIFICATION:
        return Conversation.HELD
    if incoming.spam or sender.is_blocked:
        return Conversation.SPAM
    return Conversation.CLOSED if arrival.is_history else Conversation.OPEN


def _store(incoming: Incoming, arrival: Arrival, sender: Sender, conversation: Conversation) -> Message:
    message = Message(
        conversation=conversation,
        inbox=arrival.inbox,
        direction=Message.IN,
        kind=incoming.kind,
        contact=sender.contact,
        from_name=sender.shown.name[:200],
        from_email=sender.shown.email[:320],
        via_name=sender.via.name[:200] or None,
        via_email=sender.via.email[:320] or None,
        **people_of(incoming),
        **words_of(incoming),
        problems=incoming.problems,
        warnings=[*incoming.warnings, *_noticed(incoming, arrival, sender)],
        **ids_of(incoming),
        reply_to=kept(incoming.reply_to),
        thread_index=incoming.thread_index[:64],
        sha256=arrival.sha256,
        raw_id=arrival.raw_id,
        identity=sender.identity,
        is_automatic=incoming.kind not in PEOPLE,
        is_bulk=incoming.bulk or arrival.has_null_sender,
        at=at_of(incoming, arrival),
    )
    return insert(message)


def _noticed(incoming: Incoming, arrival: Arrival, sender: Sender) -> list[str]:
    """Nobody acts on what a machine or an old letter is called."""
    return warnings_of(sender) if incoming.kind in PEOPLE and not arrival.is_history else []


def _continue(conversation: Conversation, message: Message, sender: Sender, *, is_history: bool) -> None:
    """What a further message changes: only a person's words reopen, and only new ones wait for an answer."""
    if message.kind not in PEOPLE or sender.is_blocked:
        return
    changed = []
    if message.at >= conversation.last_at:
        conversation.last_at, conversation.last_line = message.at, line_of(message.reply_text or message.text)
        changed += ["last_at", "last_line"]
    if not is_history:
        if conversation.waiting_since is None or conversation.status == Conversation.CLOSED:
            conversation.waiting_since = message.at
            changed.append("waiting_since")
        if conversation.status in {Conversation.CLOSED, Conversation.SNOOZED}:
            conversation.status, conversation.snoozed_until = Conversation.OPEN, None
            changed += ["status", "snoozed_until"]
            record(ConversationReopened(**conversation.ids), by=sender.contact.actor)
    conversation.save(update_fields=changed)


def _add_sender(conversation: Conversation, incoming: Incoming, sender: Sender) -> None:
    """The sender takes part; verified only when they are this conversation's customer or already took part.

    People in To and Cc of a customer's mail get no access by it (trust.md: CC never widens access).
    """
    if not sender.address or incoming.kind not in PEOPLE:
        return
    participant = Participant(
        conversation=conversation,
        email=sender.address.lower(),
        name=sender.shown.name[:200],
        is_verified=sender.contact.pk == conversation.contact_id,
    )
    insert_unless_known(participant)


def at_of(incoming: Incoming, arrival: Arrival) -> datetime:
    """New mail counts from when it reached us; old mail keeps its own date, unless that lies in the future."""
    if arrival.is_history and incoming.date is not None:
        return min(incoming.date, now())
    return arrival.received_at
