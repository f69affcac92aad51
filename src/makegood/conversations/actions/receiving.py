"""A message comes in: who wrote, where it belongs, and what that changes. One transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from makegood.clock.now import now
from makegood.conversations import matching
from makegood.conversations.actions import indexing
from makegood.conversations.actions.attaching import attach_incoming
from makegood.conversations.actions.delivering import note_bounce
from makegood.conversations.actions.identifying import Sender, sender_of
from makegood.conversations.addressing import kept
from makegood.conversations.envelope import Incoming, Kind
from makegood.conversations.events import ConversationOpened, ConversationReopened, MessageReceived
from makegood.conversations.models import Conversation, Message, Participant
from makegood.conversations.preview import line_of
from makegood.eventlog.recording import action, record
from makegood.inboxes.models import Inbox
from makegood.text.sanitising import VERSION

PEOPLE = {Kind.MESSAGE}  # only what a person wrote reopens, waits and counts


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the channel knows about a message beside the message itself."""

    inbox: Inbox
    raw_id: int | None
    sha256: str
    received_at: datetime
    is_history: bool = False


@action
def receive(incoming: Incoming, arrival: Arrival) -> Message:
    """Store the message in its conversation, or in a new one. The same message again is the message we have."""
    if known := _known(incoming, arrival):
        return known
    sender = sender_of(incoming)
    contact = sender.contact
    conversation, may_belong_to = _conversation_of(incoming, arrival, sender)
    is_new = conversation is None
    if conversation is None:
        conversation = _open(incoming, arrival, sender, may_belong_to)
    message = _store(incoming, arrival, sender, conversation)
    files = attach_incoming(message, incoming.files)
    if not is_new:
        _continue(conversation, message, sender, is_history=arrival.is_history)
    _add_participants(conversation, incoming, sender)
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


def _known(incoming: Incoming, arrival: Arrival) -> Message | None:
    """This very mail from another folder or delivery, or our own message come back to its inbox."""
    if not incoming.message_id:
        return None
    same = Message.objects.filter(inbox=arrival.inbox, message_id=incoming.message_id[: matching.LONGEST_ID])
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
    own = message.agent.signature if message.agent and not message.is_automatic else ""
    signatures = [part for part in (own, message.inbox.signature) if part.strip()]
    signed = "\n".join([message.text, "--", *signatures]) if signatures else message.text
    answered = message.conversation.messages.filter(message_id=message.in_reply_to or None).order_by("-at").first()
    if answered is None:
        return _words(signed), _words(signed)
    when, who = date_format(localtime(answered.at), "DATETIME_FORMAT"), answered.from_name or answered.from_email
    attribution = _("On %(when)s, %(who)s wrote:") % {"when": when, "who": who}
    quoted = matching.without_tokens(answered.reply_text or answered.text)
    return _words(signed), _words(f"{signed}\n{attribution}\n{quoted}")


def _words(text: str) -> str:
    """Without the marks of quoting and with single blanks: what mail programs on the way do not change."""
    return " ".join(word for line in text.splitlines() for word in line.lstrip("> \t").split())


def _conversation_of(
    incoming: Incoming, arrival: Arrival, sender: Sender
) -> tuple[Conversation | None, Conversation | None]:
    """Where it belongs for certain, or else where it may belong.

    The row is locked: an agent who closes it at this moment closes it before these words or after them.
    """
    found, hint = _matching(incoming, arrival, sender)
    if found is not None and sender.is_blocked and incoming.kind in PEOPLE and found.status != Conversation.SPAM:
        return None, found  # where nobody wants to read it: in Spam, by itself
    return found, hint


def _matching(incoming: Incoming, arrival: Arrival, sender: Sender) -> tuple[Conversation | None, Conversation | None]:
    traces = matching.traces(incoming)
    here = Conversation.objects.filter(inbox=arrival.inbox)
    of_inbox = here.select_for_update()
    known = set(here.filter(token__in=traces.tokens).values_list("token", flat=True))
    if best := next((token for token in traces.tokens if token in known), None):
        return of_inbox.get(token=best), None
    named = _named(traces, arrival)
    if named is None:
        return None, _in_thread(traces, arrival)
    address = sender.address.lower()
    takes_part = Participant.objects.filter(conversation=named, email=address, is_verified=True).exists()
    if address and (takes_part or sender.contact.pk == named.contact_id):
        return of_inbox.get(pk=named.pk), None
    return None, named


def _named(traces: matching.Traces, arrival: Arrival) -> Conversation | None:
    """The conversation of the newest message that is named; the last valid one wins."""
    messages = Message.objects.filter(inbox=arrival.inbox, message_id__in=traces.message_ids)
    by_id = {m.message_id: m.conversation for m in messages.select_related("conversation")}
    return next((by_id[id_] for id_ in traces.message_ids if id_ in by_id), None)


def _in_thread(traces: matching.Traces, arrival: Arrival) -> Conversation | None:
    """A hint and never more: a Thread-Index is no id of ours (trust.md, Joining a case)."""
    if not traces.thread_index:
        return None
    messages = Message.objects.filter(inbox=arrival.inbox, thread_index=traces.thread_index[:64])
    message = messages.select_related("conversation").order_by("-at").first()
    return message.conversation if message else None


def _open(incoming: Incoming, arrival: Arrival, sender: Sender, may_belong_to: Conversation | None) -> Conversation:
    at = at_of(incoming, arrival)
    is_person = incoming.kind in PEOPLE
    conversation = Conversation.objects.create(
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
    record(ConversationOpened(**conversation.ids), by=sender.contact.actor)
    return conversation


def _first_status(incoming: Incoming, arrival: Arrival, sender: Sender) -> str:
    if incoming.spam or sender.is_blocked:
        return Conversation.SPAM
    return Conversation.CLOSED if arrival.is_history else Conversation.OPEN


def _store(incoming: Incoming, arrival: Arrival, sender: Sender, conversation: Conversation) -> Message:
    return Message.objects.create(
        conversation=conversation,
        inbox=arrival.inbox,
        direction=Message.IN,
        kind=incoming.kind,
        contact=sender.contact,
        from_name=sender.shown.name[:200],
        from_email=sender.shown.email[:320],
        via_name=sender.via.name[:200],
        via_email=sender.via.email[:320],
        to=kept(incoming.to),
        cc=kept(incoming.cc),
        reply_to=kept(incoming.reply_to),
        subject=incoming.subject[:300],
        text=incoming.text,
        reply_text="" if incoming.reply_text == incoming.text else incoming.reply_text,
        html=incoming.html or "",
        html_is_plain=incoming.html_is_plain,
        html_version=VERSION if incoming.html else 0,
        message_id=incoming.message_id[: matching.LONGEST_ID],
        in_reply_to=incoming.in_reply_to[: matching.LONGEST_ID],
        references=" ".join(incoming.references[-matching.MAX_REFERENCES :]),
        thread_index=incoming.thread_index[:64],
        sha256=arrival.sha256,
        raw_id=arrival.raw_id,
        identity=sender.identity,
        warnings=incoming.warnings,
        problems=incoming.problems,
        is_automatic=incoming.kind not in PEOPLE,
        at=at_of(incoming, arrival),
    )


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


def _add_participants(conversation: Conversation, incoming: Incoming, sender: Sender) -> None:
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
    Participant.objects.bulk_create([participant], ignore_conflicts=True)


def at_of(incoming: Incoming, arrival: Arrival) -> datetime:
    """New mail counts from when it reached us; old mail keeps its own date, unless that lies in the future."""
    if arrival.is_history and incoming.date is not None:
        return min(incoming.date, now())
    return arrival.received_at
