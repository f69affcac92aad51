"""Everything in a conversation in order of time: messages, notes and what happened, a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Case, F, Q, QuerySet, TextField, Value, When
from django.utils import timezone

from makegood.agents.models import Agent, Team
from makegood.conversations.entries import Entry, Seen, event_entry, message_entry, note_entry
from makegood.conversations.models import Attachment, Conversation, Delivery, Message, Note, Tag
from makegood.conversations.queries.regrouped import events_of_merged, regrouped_in
from makegood.database.selecting import kept
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.telling import TOLD
from makegood.inboxes.queries import opened_by

NEWEST = 100
TOLD_HERE = tuple(name for name, told in TOLD.items() if told.here)
SHOWN = (
    "conversation_id", "home_id", "direction", "contact_id", "agent_id", "from_name", "from_email", "to", "cc", "bcc",
    "reply_to", "text", "reply_text", "html_is_plain", "html_version", "has_remote_images", "raw_id", "identity",
    "warnings", "problems", "is_automatic", "at", "state", "send_at", "via_email",
)  # fmt: skip
INLINE = Case(When(html_is_plain=True, reply_text="", then=F("html")), default=Value("", TextField()))


def timeline_of(
    conversation: Conversation, agents: dict[int, Agent], viewer: Agent, tags: Iterable[Tag] = ()
) -> list[Entry]:
    """The newest hundred messages with everything since. `agents` and `tags` are those whose names are known."""
    messages, notes, events = _messages(conversation.pk), _notes(conversation.pk), _events(conversation.pk)
    events += events_of_merged(conversation.pk, events)
    tag_names, team_names = _names_of_tags(events, tags), _names_of_teams(events)
    regrouped, inbox_names = regrouped_in(events, viewer), _names_of_inboxes(events, viewer)
    seen = Seen(conversation, agents, viewer, tag_names, team_names, inbox_names, regrouped)
    since = messages[-1].at if len(messages) == NEWEST else None
    files, trouble = _files(messages, notes), _trouble(messages)
    entries = [
        *(message_entry(seen, m, files["message", m.pk], trouble[m.pk]) for m in messages),
        *(note_entry(seen, n, files["note", n.pk]) for n in notes),
        *(event_entry(seen, event) for event in events),
    ]
    entries.sort(key=lambda entry: (entry.at, entry.message.pk if entry.message else 0))
    for entry in entries:
        entry.can_split = entry.kind == "theirs" and (bool(since) or entry.message is not messages[-1])
    return _with_days(entry for entry in entries if since is None or entry.at >= since)


@kept
def _messages(conversation_id: int) -> QuerySet[Message]:
    rows = Message.objects.filter(conversation_id=conversation_id).only(*SHOWN)
    return rows.annotate(shown_inline=INLINE).order_by("-at", "-pk")[:NEWEST]


@kept
def _notes(conversation_id: int) -> QuerySet[Note]:
    return Note.objects.filter(conversation_id=conversation_id).order_by("-at", "-pk")[:NEWEST]


@kept
def _events(conversation_id: int) -> QuerySet[LoggedEvent]:
    told = LoggedEvent.objects.filter(conversation_id=conversation_id, name__in=TOLD_HERE)
    return told.order_by("-id")[:NEWEST]


def _names_of_tags(events: list[LoggedEvent], tags: Iterable[Tag]) -> dict[int, str]:
    """Of those put on or taken off; asked only when some are not known."""
    known = {tag.pk: tag.name for tag in tags}
    told = {event.data["tag_id"] for event in events if event.data.get("tag_id")} - known.keys()
    return known | dict(Tag.objects.filter(pk__in=told).values_list("pk", "name")) if told else known


def _names_of_teams(events: list[LoggedEvent]) -> dict[int, str]:
    """Of those that were given what no person has; asked only when there are some."""
    told = {event.data["team_id"] for event in events if event.data.get("team_id") and not event.data.get("agent_id")}
    return dict(Team.objects.filter(pk__in=told).values_list("pk", "name")) if told else {}


def _names_of_inboxes(events: list[LoggedEvent], viewer: Agent) -> dict[int, str]:
    """Of those that the viewer may open, when it was moved from one."""
    is_moved = any(event.data.get("from_inbox_id") for event in events)
    return {inbox.pk: inbox.name for inbox in opened_by(viewer)} if is_moved else {}


def _files(messages: list[Message], notes: list[Note]) -> dict[tuple[str, int], list[Attachment]]:
    found: dict[tuple[str, int], list[Attachment]] = defaultdict(list)
    for attachment in _attachments(tuple(message.pk for message in messages), tuple(note.pk for note in notes)):
        if attachment.message_id:
            found["message", attachment.message_id].append(attachment)
        elif attachment.note_id:
            found["note", attachment.note_id].append(attachment)
    return found


@kept
def _attachments(message_ids: tuple[int, ...], note_ids: tuple[int, ...]) -> QuerySet[Attachment]:
    of_messages, of_notes = Q(message_id__in=message_ids), Q(note_id__in=note_ids)
    rows = Attachment.objects.filter(of_messages | of_notes if note_ids else of_messages)
    return rows.select_related("file").order_by("pk")


def _trouble(messages: list[Message]) -> dict[int, list[Delivery]]:
    """Recipients whom a message has not reached; asked only when there is such a message."""
    found: dict[int, list[Delivery]] = defaultdict(list)
    troubled = [m.pk for m in messages if m.state in {Message.FAILED, Message.UNCERTAIN, Message.DELAYED}]
    if troubled:
        for delivery in Delivery.objects.filter(message_id__in=troubled).exclude(state=Message.SENT):
            found[delivery.message_id].append(delivery)
    return found


def _with_days(entries: Iterable[Entry]) -> list[Entry]:
    shown, before = [], None
    for entry in entries:
        day = timezone.localdate(entry.at)
        entry.day = day if day != before else None
        before = day
        shown.append(entry)
    return shown
