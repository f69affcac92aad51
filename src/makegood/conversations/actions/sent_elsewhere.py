"""An answer that a colleague sent from another mail program, read from the Sent folder, joins its conversation."""

from __future__ import annotations

from makegood.agents.models import Agent
from makegood.contacts.actions.recognising import recognise
from makegood.contacts.models import Contact
from makegood.conversations import matching
from makegood.conversations.actions import indexing, placing
from makegood.conversations.actions.attaching import attach_incoming
from makegood.conversations.actions.receiving import Arrival, at_of
from makegood.conversations.actions.understanding import ids_of, people_of, words_of
from makegood.conversations.envelope import Address, Incoming
from makegood.conversations.events import ConversationOpened, ReplySent
from makegood.conversations.models import Conversation, Message, Participant
from makegood.conversations.preview import line_of
from makegood.conversations.queries.tracing import conversation_of_token, stored_under
from makegood.eventlog.events import SYSTEM
from makegood.eventlog.recording import action, record


@action
def take_over(outgoing: Incoming, arrival: Arrival) -> Message:
    """Store it as ours. It answers the customer when the mailbox's own conversation can be found by its ids."""
    known = Message.objects.filter(inbox=arrival.inbox, message_id=outgoing.message_id[: matching.LONGEST_ID])
    if outgoing.message_id and (message := known.first()):
        return message
    conversation = _conversation_of(outgoing, arrival) or _open(outgoing, arrival)
    agent = Agent.objects.filter(email=outgoing.sender.email.lower()).first() if outgoing.sender else None
    message = _store(outgoing, arrival, conversation, agent)
    indexing.index_message(message, attach_incoming(message, outgoing.files))
    if message.at >= conversation.last_at:
        conversation.last_at, conversation.last_line = message.at, line_of(outgoing.reply_text or outgoing.text)
        if not arrival.is_history:
            conversation.waiting_since = None
        conversation.save(update_fields=["last_at", "last_line", "waiting_since"])
    _add_participants(conversation, outgoing)
    record(
        ReplySent(key=str(message.key), is_automatic=False, **message.ids),
        by=agent.actor if agent else SYSTEM,
    )
    return message


def _conversation_of(outgoing: Incoming, arrival: Arrival) -> Conversation | None:
    """The mailbox's owner wrote this, so our own Message-IDs and tokens need no further proof.

    The row is locked, as when a letter comes in.
    """
    traces = matching.traces(outgoing)
    named = stored_under(traces.message_ids, arrival.inbox)
    if (number := conversation_of_token(traces, named, arrival.inbox)) is not None:
        return placing.in_turn(number)
    known = {s.message_id for s in named}
    answered = next((id_ for id_ in traces.message_ids if id_ in known), None)
    holding = sorted({s.conversation_id for s in named if s.message_id == answered})
    if not holding:
        return None
    # A stranger may have written under the id of the letter that is answered: it is theirs who are written to.
    people = [address.email.lower() for address in [*outgoing.to, *outgoing.cc] if address.email]
    theirs = Participant.objects.filter(conversation__in=holding, email__in=people, is_verified=True)
    first = theirs.order_by("conversation_id").values_list("conversation_id", flat=True).first()
    return placing.in_turn(first or holding[0])


def _open(outgoing: Incoming, arrival: Arrival) -> Conversation:
    """A letter that we began elsewhere is closed: nobody waits for us."""
    to: Address | None = next(iter([*outgoing.to, *outgoing.cc]), None)
    if to is not None and to.email:
        contact, _ = recognise(to.email, to.name)
    else:
        contact = Contact.objects.create(name="")
    at = at_of(outgoing, arrival)
    conversation = Conversation.objects.create(
        inbox=arrival.inbox,
        contact=contact,
        team_id=arrival.inbox.team_id,
        subject=outgoing.subject[:300],
        status=Conversation.CLOSED,
        created_at=at,
        last_at=at,
        last_line=line_of(outgoing.text),
    )
    record(ConversationOpened(**conversation.ids), by=SYSTEM)
    return conversation


def _store(outgoing: Incoming, arrival: Arrival, conversation: Conversation, agent: Agent | None) -> Message:
    return Message.objects.create(
        conversation=conversation,
        inbox=arrival.inbox,
        direction=Message.OUT,
        agent=agent,
        from_name=outgoing.sender.name[:200] if outgoing.sender else "",
        from_email=outgoing.sender.email[:320] if outgoing.sender else arrival.inbox.address,
        **people_of(outgoing),
        **words_of(outgoing),
        **ids_of(outgoing),
        sha256=arrival.sha256,
        raw_id=arrival.raw_id,
        at=at_of(outgoing, arrival),
        state=Message.SENT,
    )


def _add_participants(conversation: Conversation, outgoing: Incoming) -> None:
    Participant.objects.bulk_create(
        [
            Participant(conversation=conversation, email=address.email.lower(), name=address.name[:200])
            for address in [*outgoing.to, *outgoing.cc]
            if address.email
        ],
        ignore_conflicts=True,
    )
