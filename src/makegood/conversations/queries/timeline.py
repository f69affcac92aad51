"""Everything in a conversation in order of time: messages, notes and what happened, a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Case, F, TextField, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.agents.models import Agent
from makegood.conversations.models import Attachment, Conversation, Delivery, Message, Note
from makegood.eventlog.models import LoggedEvent

NEWEST = 100


@dataclass(slots=True)
class Entry:
    """One thing in the timeline. `kind`: "theirs", "ours", "note" or "event"; `day` is set where a new day begins."""

    kind: str
    at: datetime
    message: Message | None = None
    note: Note | None = None
    event: LoggedEvent | None = None
    by: str = ""
    files: list[Attachment] = field(default_factory=list)
    trouble: list[Delivery] = field(default_factory=list)
    day: date | None = None
    target: str = ""  # the agent an event names
    html: str = ""  # what is shown inline; what is shown in a frame is read by the frame's own address

    @property
    def shows_frame(self) -> bool:
        """The sender's own layout is shown as it was made, when it is all new and not plain."""
        return self.has_html and not self.has_quote and not self._is_plain

    @property
    def has_html(self) -> bool:
        """The mail has a layout of its own."""
        return bool(self.message and self.message.html_version)

    @property
    def has_quote(self) -> bool:
        """Something was folded away."""
        return bool(self.message and self.message.reply_text)

    @property
    def words(self) -> str:
        """What happened, in a sentence."""
        assert self.event is not None
        return SENTENCES[self.event.name](self.by or _("Makegood"), self.target)

    @property
    def icon(self) -> str:
        """The event's icon."""
        return ICONS.get(self.event.name if self.event else "", "info")

    @property
    def state_words(self) -> str:
        """How far a message of ours has come."""
        return str(STATES.get(self.message.state if self.message else "", ""))

    @property
    def warnings(self) -> list[str]:
        """What the agent should know about the sender, in short words."""
        codes = self.message.warnings if self.message else []
        if self.message and self.message.via_email:
            codes = [code for code in codes if code != "reply_to_elsewhere"]  # which is why this customer is shown
        return [str(WARNINGS[code]) for code in codes if code in WARNINGS]

    @property
    def _is_plain(self) -> bool:
        return bool(self.message and self.message.html_is_plain)


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
ICONS = {
    "conversation.assigned": "user", "conversation.closed": "check", "conversation.reopened": "undo",
    "conversation.snoozed": "clock", "conversation.woken": "clock", "conversation.marked_spam": "flag",
    "conversation.cleared_of_spam": "flag", "conversation.customer_changed": "people", "contact.blocked": "flag",
    "contact.unblocked": "flag",
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
    "conversation.snoozed": lambda by, _to: _("%(by)s put this off") % {"by": by},
    "conversation.woken": lambda _by, _to: _("The time it was put off to has come"),
    "conversation.marked_spam": lambda by, _to: _("%(by)s marked this as spam") % {"by": by},
    "conversation.cleared_of_spam": lambda by, _to: _("%(by)s said that this is no spam") % {"by": by},
    "conversation.customer_changed": lambda by, _to: _("%(by)s said who the customer is") % {"by": by},
    "contact.blocked": lambda by, _to: _("%(by)s blocked this sender") % {"by": by},
    "contact.unblocked": lambda by, _to: _("%(by)s let this sender in again") % {"by": by},
}
TOLD = tuple(SENTENCES)
UNSHOWN = ("references", "in_reply_to", "thread_index", "sha256", "subject", "html")
SHOWN_INLINE = Case(When(html_is_plain=True, reply_text="", then=F("html")), default=Value("", TextField()))


def timeline_of(conversation: Conversation, agents: dict[int, Agent]) -> list[Entry]:
    """The newest hundred messages with everything since; `agents` by id, so that names cost nothing."""
    rows = conversation.messages.defer(*UNSHOWN).annotate(shown_inline=SHOWN_INLINE)
    newest: Iterable[Message] = rows.order_by("-at", "-pk")[:NEWEST]
    messages = list(newest)
    notes = list(conversation.notes.order_by("-at", "-pk")[:NEWEST])
    since = messages[-1].at if len(messages) == NEWEST else None
    events = LoggedEvent.objects.filter(conversation_id=conversation.pk, name__in=TOLD).order_by("-id")[:NEWEST]
    files = _files(messages, notes)
    trouble = _trouble(messages)
    entries = [
        *(_message_entry(message, agents, files, trouble) for message in messages),
        *(Entry("note", n.at, note=n, by=_name(agents, n.agent_id), files=files["note", n.pk]) for n in notes),
        *(_event_entry(event, agents) for event in events),
    ]
    entries.sort(key=lambda entry: (entry.at, entry.message.pk if entry.message else 0))
    return _with_days(entry for entry in entries if since is None or entry.at >= since)


def _message_entry(
    message: Message,
    agents: dict[int, Agent],
    files: dict[tuple[str, int], list[Attachment]],
    trouble: dict[int, list[Delivery]],
) -> Entry:
    ours = message.direction == Message.OUT
    by = (_name(agents, message.agent_id) if ours else message.from_name) or message.from_name or message.from_email
    return Entry(
        "ours" if ours else "theirs",
        message.at,
        message=message,
        by=by,
        files=files["message", message.pk],
        trouble=trouble[message.pk],
        html=getattr(message, "shown_inline", ""),
    )


def _event_entry(event: LoggedEvent, agents: dict[int, Agent]) -> Entry:
    kind, number = event.actor.split(":")
    by = _name(agents, int(number)) if kind == "agent" and number else _("The customer") if kind == "contact" else ""
    return Entry("event", event.at, event=event, by=by, target=_name(agents, event.data.get("agent_id")))


def _name(agents: dict[int, Agent], agent_id: int | None) -> str:
    agent = agents.get(agent_id) if agent_id else None
    return agent.name if agent else ""


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
