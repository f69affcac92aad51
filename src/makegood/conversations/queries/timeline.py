"""Everything in a conversation in order of time: messages, notes and what happened, a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Case, F, TextField, Value, When
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.agents.models import Agent
from makegood.conversations.models import Attachment, Conversation, Delivery, Message, Note
from makegood.eventlog.models import LoggedEvent
from makegood.web.moments import time_of_day
from makegood.web.people import face

NEWEST = 100


class Identity(NamedTuple):
    """How sure we are of the sender, in two words and in a sentence."""

    words: str
    title: str


@dataclass(slots=True)
class Entry:
    """One thing in the timeline, in ready strings. `kind`: "theirs", "ours", "note" or "event".

    `day` is set where a new day begins; `marks` and `alerts` are pairs of a state and its words.
    """

    kind: str
    at: datetime
    time: SafeString
    by: str
    face: SafeString | str = ""
    message: Message | None = None
    note: Note | None = None
    words: str = ""  # of an event
    icon: str = ""
    address: str = ""
    marks: list[tuple[str, str]] = field(default_factory=list)
    alerts: list[tuple[str, str]] = field(default_factory=list)
    identity: Identity | None = None
    files: list[Attachment] = field(default_factory=list)
    day: date | None = None
    html: str = ""  # what is shown inline; what is shown in a frame is read by the frame's own address

    @property
    def shows_frame(self) -> bool:
        """The sender's own layout is shown as it was made, when it is all new and not plain."""
        message = self.message
        return self.has_html and not self.has_quote and not (message and message.html_is_plain)

    @property
    def has_html(self) -> bool:
        """The mail has a layout of its own."""
        return bool(self.message and self.message.html_version)

    @property
    def has_quote(self) -> bool:
        """Something was folded away."""
        return bool(self.message and self.message.reply_text)


@dataclass(frozen=True, slots=True)
class Seen:
    """Who looks at which conversation, and the names of all agents by id, so that names cost nothing."""

    conversation: Conversation
    agents: dict[int, Agent]
    viewer: Agent

    def name(self, agent_id: int | None) -> str:
        """Of an agent; nothing for one who is not there."""
        agent = self.agents.get(agent_id) if agent_id else None
        return agent.name if agent else ""


STATES = {
    Message.WAITING: gettext_lazy("leaves in a moment"),
    Message.QUEUED: gettext_lazy("waiting to leave"),
    Message.SENDING: gettext_lazy("being sent"),
    Message.UNCERTAIN: gettext_lazy("delivery uncertain"),
    Message.DELAYED: gettext_lazy("delayed"),
    Message.FAILED: gettext_lazy("did not arrive"),
}
WARNINGS = {
    "reply_to_elsewhere": gettext_lazy("Answers to this mail go to another address than its sender's."),
    "name_has_address": gettext_lazy("The sender's name shows another address than the real one."),
    "lookalike_domain": gettext_lazy(
        "The sender's domain looks like another one, but its letters are of another script."
    ),
    "mixed_script_domain": gettext_lazy("The sender's domain mixes letters of several scripts."),
    "several_senders": gettext_lazy("This mail names no single sender we can believe. Who wrote it is not certain."),
    "no_sender": gettext_lazy("This mail names no sender. Who wrote it is not known."),
}
IDENTITIES = {
    "aligned": (
        gettext_lazy("sender confirmed"),
        gettext_lazy("Your mail server has checked that the sender’s domain sent this."),
    ),
    "verified": (gettext_lazy("signed in"), gettext_lazy("The sender was signed in.")),
}
UNCONFIRMED = (
    gettext_lazy("sender not confirmed"),
    gettext_lazy("Anybody can write this address into a mail; your mail server has not confirmed it."),
)
ICONS = {
    "conversation.assigned": "user", "conversation.closed": "check", "conversation.reopened": "undo",
    "conversation.snoozed": "clock", "conversation.woken": "clock", "conversation.marked_spam": "flag",
    "conversation.cleared_of_spam": "flag", "automatic_answers.stopped": "warn", "automatic_answers.allowed": "check",
    "conversation.held": "shield", "conversation.released": "shield", "conversation.customer_changed": "people",
    "contact.blocked": "flag", "contact.unblocked": "flag",
}  # fmt: skip


def _assigned(by: str, target: str) -> str:
    if not target:
        return _("%(by)s put this back to nobody") % {"by": by}
    if target == by:
        return _("%(by)s took this") % {"by": by}
    return _("%(by)s gave this to %(to)s") % {"by": by, "to": target}


SENTENCES: dict[str, Callable[[str, str], str]] = {
    "conversation.assigned": _assigned,
    "conversation.closed": lambda by, _to: _("%(by)s closed this") % {"by": by},
    "conversation.reopened": lambda by, _to: _("%(by)s opened this again") % {"by": by},
    "conversation.snoozed": lambda by, until: _("%(by)s put this off until %(until)s") % {"by": by, "until": until},
    "conversation.woken": lambda _by, _to: _("The time it was put off to has come"),
    "conversation.marked_spam": lambda by, _to: _("%(by)s marked this as spam") % {"by": by},
    "conversation.cleared_of_spam": lambda by, _to: _("%(by)s said that this is no spam") % {"by": by},
    "automatic_answers.stopped": lambda _by, _to: _(
        "Automatic answers to this address have stopped: a machine may be writing there. Please look, and allow them "
        "again under Failed work."
    ),
    "automatic_answers.allowed": lambda by, _to: (
        _("%(by)s allowed automatic answers to this address again") % {"by": by}
    ),
    "conversation.held": lambda by, _to: _("%(by)s held this back") % {"by": by},
    "conversation.released": lambda by, _to: _("%(by)s released this") % {"by": by},
    "conversation.customer_changed": lambda by, _to: _("%(by)s said who the customer is") % {"by": by},
    "contact.blocked": lambda by, _to: _("%(by)s blocked this sender") % {"by": by},
    "contact.unblocked": lambda by, _to: _("%(by)s let this sender in again") % {"by": by},
}
TOLD = tuple(SENTENCES)
SHOWN = (
    "conversation_id", "direction", "contact_id", "agent_id", "from_name", "from_email", "to", "cc", "bcc", "reply_to",
    "text", "reply_text", "html_is_plain", "html_version", "raw_id", "identity", "warnings", "problems", "is_automatic",
    "at", "state", "send_at", "via_email",
)  # fmt: skip
INLINE = Case(When(html_is_plain=True, reply_text="", then=F("html")), default=Value("", TextField()))


def timeline_of(conversation: Conversation, agents: dict[int, Agent], viewer: Agent) -> list[Entry]:
    """The newest hundred messages with everything since."""
    seen = Seen(conversation, agents, viewer)
    rows = conversation.messages.only(*SHOWN).annotate(shown_inline=INLINE)
    newest: Iterable[Message] = rows.order_by("-at", "-pk")[:NEWEST]
    messages = list(newest)
    notes = list(conversation.notes.order_by("-at", "-pk")[:NEWEST])
    since = messages[-1].at if len(messages) == NEWEST else None
    events = LoggedEvent.objects.filter(conversation_id=conversation.pk, name__in=TOLD).order_by("-id")[:NEWEST]
    files, trouble = _files(messages, notes), _trouble(messages)
    entries = [
        *(_message_entry(seen, m, files["message", m.pk], trouble[m.pk]) for m in messages),
        *(_note_entry(seen, n, files["note", n.pk]) for n in notes),
        *(_event_entry(seen, event) for event in events),
    ]
    entries.sort(key=lambda entry: (entry.at, entry.message.pk if entry.message else 0))
    return _with_days(entry for entry in entries if since is None or entry.at >= since)


def _message_entry(seen: Seen, message: Message, files: list[Attachment], trouble: list[Delivery]) -> Entry:
    ours = message.direction == Message.OUT
    by = (seen.name(message.agent_id) if ours else message.from_name) or message.from_name or message.from_email
    is_viewer = ours and message.agent_id == seen.viewer.pk
    return Entry(
        "ours" if ours else "theirs",
        message.at,
        time_of_day(message.at),
        _("You") if is_viewer else by or _("Unknown sender"),
        face(by, message.agent_id, "team") if ours else face(by, message.contact_id),
        message=message,
        address=_address_of(message, "" if ours else by),
        marks=_marks(seen, message, ours=ours),
        alerts=[*(("soon", words) for words in _warnings(message)), *(("late", not_arrived(d)) for d in trouble)],
        identity=None if ours else Identity(*map(str, IDENTITIES.get(message.identity, UNCONFIRMED))),
        files=files,
        html=getattr(message, "shown_inline", ""),
    )


def _address_of(message: Message, by: str) -> str:
    """Of the sender, where the name is not the address already; and of the form or shop that wrote for them."""
    if message.via_email:
        return _("%(address)s, by %(form)s") % {"address": message.from_email, "form": message.via_email}
    return message.from_email if by and message.from_email != by else ""


def _marks(seen: Seen, message: Message, *, ours: bool) -> list[tuple[str, str]]:
    marks = []
    if state := STATES.get(message.state):
        marks.append(("", str(state)))
    if message.is_automatic:
        marks.append(("", _("automatic")))
    if not ours and message.contact_id != seen.conversation.contact_id:
        marks.append(("late", _("not the customer of this conversation")))
    return marks


def _warnings(message: Message) -> list[str]:
    """What the agent should know about the sender, in short words."""
    codes = message.warnings
    if message.via_email:
        codes = [code for code in codes if code != "reply_to_elsewhere"]  # which is why this customer is shown
    return [str(WARNINGS[code]) for code in codes if code in WARNINGS]


def not_arrived(delivery: Delivery) -> str:
    """In plain words, with the server's own behind."""
    sentence = {
        Message.FAILED: _("This did not arrive at %(to)s."),
        Message.DELAYED: _("This has not arrived at %(to)s yet; we keep trying."),
        Message.UNCERTAIN: _("We can't tell whether this arrived at %(to)s: the line broke."),
    }.get(delivery.state, _("This is on its way to %(to)s."))
    said = f" “{delivery.said}”" if delivery.said else ""
    return sentence % {"to": delivery.recipient} + said


def _note_entry(seen: Seen, note: Note, files: list[Attachment]) -> Entry:
    by, writer = seen.name(note.agent_id), face(seen.name(note.agent_id), note.agent_id, "team")
    shown = _("You") if note.agent_id == seen.viewer.pk else by
    return Entry("note", note.at, time_of_day(note.at), shown, writer, note=note, files=files)


def _object_of(seen: Seen, event: LoggedEvent) -> str:
    """The agent or the moment that the event's sentence names."""
    if until := event.data.get("until"):
        return formats.date_format(timezone.localtime(datetime.fromisoformat(until)), "DATETIME_FORMAT")
    return seen.name(event.data.get("agent_id"))


def _event_entry(seen: Seen, event: LoggedEvent) -> Entry:
    kind, number = event.actor.split(":")
    by = seen.name(int(number)) if kind == "agent" else _("The customer") if kind == "contact" else ""
    words = SENTENCES[event.name](by or _("Makegood"), _object_of(seen, event))
    return Entry("event", event.at, time_of_day(event.at), by, words=words, icon=ICONS.get(event.name, "info"))


def _files(messages: list[Message], notes: list[Note]) -> dict[tuple[str, int], list[Attachment]]:
    found: dict[tuple[str, int], list[Attachment]] = defaultdict(list)
    ids = [message.pk for message in messages]
    attachments = Attachment.objects.filter(message_id__in=ids).select_related("file")
    if notes:
        attachments = attachments | Attachment.objects.filter(note_id__in=[n.pk for n in notes]).select_related("file")
    for attachment in attachments.order_by("pk"):
        if attachment.message_id:
            found["message", attachment.message_id].append(attachment)
        elif attachment.note_id:
            found["note", attachment.note_id].append(attachment)
    return found


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
