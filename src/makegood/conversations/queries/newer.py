"""What was said in a conversation since somebody looked: by others than them, and how that is told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from makegood.agents.models import Agent
from makegood.clock.now import now
from makegood.conversations.models import Conversation, Message, Note
from makegood.web.people import first_name

MOST = 20  # of each kind; who has missed more reads the page anew
MOST_TOLD, LETTERS = 3, 280
JUST_NOW = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class News:
    """A sentence about what came, where it stands in the page, and how far somebody has seen who has seen that."""

    sentence: str
    anchor: str
    seen: int
    noted: int
    messages: int
    notes: int


@dataclass(frozen=True, slots=True)
class Said:
    """A message that holds a letter: who said it, and how it begins."""

    sentence: str
    text: str
    anchor: str


def newer_than(seen: int, conversation: Conversation, *, reader: Agent) -> QuerySet[Message]:
    """Public messages that came after the one with this id, of others than the reader; the oldest first."""
    rows = Message.objects.filter(conversation=conversation, pk__gt=seen).exclude(agent=reader)
    return rows.select_related("agent").order_by("pk")


def of_people(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Those that may change an answer: an automatic reply, a bounce or a receipt does not."""
    return messages.filter(is_automatic=False)


def news_since(seen: int, noted: int, conversation: Conversation, *, reader: Agent) -> News | None:
    """What the page does not count as seen yet. `noted` is the id of the last note. Two statements."""
    fields = ("conversation_id", "direction", "is_automatic", "from_name", "from_email", "at", "agent__name")
    messages = list(newer_than(seen, conversation, reader=reader).only(*fields)[:MOST])
    notes = list(
        Note.objects.filter(conversation=conversation, pk__gt=noted)
        .exclude(agent=reader)
        .select_related("agent")
        .order_by("pk")[:MOST]
    )
    if not messages and not notes:
        return None
    told = next((one for one in reversed(messages) if not one.is_automatic), None)
    sentence = _of_message(told) if told else _of_note(notes[-1]) if notes else _of_message(messages[-1])
    first = told or (messages or notes)[0]
    return News(
        sentence=sentence,
        anchor=f"{'message' if isinstance(first, Message) else 'note'}-{first.pk}",
        seen=messages[-1].pk if messages else seen,
        noted=notes[-1].pk if notes else noted,
        messages=len(messages),
        notes=len(notes),
    )


def messages_said(ids: Collection[int]) -> list[Said]:
    """The newest few of those that hold a letter, as its writer is shown them; the newest first."""
    messages = Message.objects.filter(pk__in=ids).select_related("agent").order_by("-pk")[:MOST_TOLD]
    return [
        Said(_meanwhile(one), Truncator(one.reply_text or one.text).chars(LETTERS), f"message-{one.pk}")
        for one in messages
    ]


def _meanwhile(message: Message) -> str:
    name, is_ours = _writer_of(message), message.direction == Message.OUT
    if not is_ours and _is_new(message.at):
        return _("%(name)s wrote again just now.") % {"name": name}
    sentence = _("%(name)s replied while you were writing.") if is_ours else _("%(name)s wrote while you were writing.")
    return sentence % {"name": name}


def _writer_of(message: Message) -> str:
    """The colleague, or what the sender calls themselves."""
    if message.agent:
        return first_name(message.agent.name)
    return message.from_name or message.from_email or _("Somebody")


def _of_message(message: Message) -> str:
    name, is_ours = _writer_of(message), message.direction == Message.OUT
    if message.is_automatic:
        return _("An automatic answer went out.") if is_ours else _("An automatic mail came in.")
    if not _is_new(message.at):
        sentence = _("%(name)s replied while you were here.") if is_ours else _("%(name)s wrote while you were here.")
    else:
        sentence = _("%(name)s replied just now.") if is_ours else _("%(name)s wrote again just now.")
    return sentence % {"name": name}


def _of_note(note: Note) -> str:
    name = first_name(note.agent.name) if note.agent else _("Somebody")
    sentence = _("%(name)s added a note just now.") if _is_new(note.at) else _("%(name)s added a note.")
    return sentence % {"name": name}


def _is_new(moment: datetime) -> bool:
    return now() - moment < JUST_NOW
