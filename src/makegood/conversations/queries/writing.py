"""What the composer begins with: the agent's draft, or the recipients an answer would go to."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from makegood.agents.models import Agent
from makegood.conversations.addressing import Kept, read_typed, typed
from makegood.conversations.models import Attachment, Conversation, Draft, Message
from makegood.database.selecting import kept


@dataclass(frozen=True, slots=True)
class Composer:
    """The fields as they are shown; `key` is the draft's. `undoable`: the agent's letter that can be called back."""

    key: uuid.UUID
    mode: str
    text: str
    to: str
    cc: str
    bcc: str
    undoable: Message | None
    files: tuple[Attachment, ...] = ()
    known: tuple[str, ...] = ()  # to whom our last letter went, lower case
    seen: int = 0  # the newest message of the page: what came after it holds a letter

    @property
    def newcomers(self) -> list[str]:
        """Those in To, Cc and Bcc to whom our last letter did not go."""
        typed_now = (address.email for field in (self.to, self.cc, self.bcc) for address in read_typed(field)[0])
        return [email for email in dict.fromkeys(typed_now) if email.lower() not in self.known]


def composer_of(conversation: Conversation, agent: Agent, newest: list[Message]) -> Composer:
    """A query for the draft, one for its files; `newest`: the messages, newest first, which the page has."""
    undoable = next((m for m in newest if m.state == Message.WAITING and m.agent_id == agent.pk), None)
    known, seen = known_of(conversation, newest), max((message.pk for message in newest), default=0)
    if drafts := _drafts(conversation.pk, agent.pk):
        (draft,) = drafts
        files = tuple(draft.attachments.select_related("file"))
        return Composer(draft.key, draft.mode, draft.text, draft.to, draft.cc, draft.bcc, undoable, files, known, seen)
    to, cc = recipients_of(conversation, newest)
    return Composer(uuid.uuid4(), "reply", "", typed(to), typed(cc), "", undoable, (), known, seen)


@kept
def _drafts(conversation_id: int, agent_id: int) -> QuerySet[Draft]:
    of_agent = Draft.objects.filter(conversation_id=conversation_id, agent_id=agent_id)
    return of_agent.order_by("-updated_at")[:1]


def known_of(conversation: Conversation, newest: list[Message]) -> tuple[str, ...]:
    """To whom the team's last letter went; before the first one, the customer alone is known."""
    by_people = [message for message in newest if not message.is_automatic]
    customers = {m.from_email.lower() for m in by_people if m.contact_id == conversation.contact_id}
    ours = next((message for message in by_people if _is_ours_to(customers, message)), None)
    if ours:
        return tuple(email.lower() for _, email in [*ours.to, *ours.cc, *ours.bcc])
    theirs = (message for message in by_people if message.contact_id == conversation.contact_id)
    return tuple({message.from_email.lower() for message in theirs})


def recipients_of(conversation: Conversation, newest: list[Message]) -> tuple[Kept, Kept]:
    """To all: whoever wrote last (or where they want the answer), and those in To and Cc beside us.

    After a letter of ours it goes where that went; one that came by a merge counts when it went to the customer of
    this conversation. Somebody else who has joined in, such as by a forwarded address,
    is never answered by default: an agent adds them on purpose.
    """
    by_people = [message for message in newest if not message.is_automatic]
    theirs = {m.from_email.lower() for m in by_people if m.contact_id == conversation.contact_id}
    trusted = (m for m in by_people if m.contact_id == conversation.contact_id or _is_ours_to(theirs, m))
    last = next(trusted, None)
    if last is None:
        return [], []
    if last.direction == Message.OUT:
        return last.to, last.cc
    is_ours = conversation.inbox.is_at
    asked = [pair for pair in last.reply_to if not is_ours(pair[1])]
    to = asked or ([[last.from_name, last.from_email]] if last.from_email else [])
    known = {email.lower() for _, email in to} | {last.from_email.lower()}
    others = [pair for pair in [*last.to, *last.cc] if not is_ours(pair[1]) and pair[1].lower() not in known]
    return to, others


def _is_ours_to(customers: set[str], message: Message) -> bool:
    went_to = {email.lower() for _, email in message.to}
    return message.direction == Message.OUT and (message.is_at_home or bool(went_to & customers))
