"""The entries of a timeline in ready strings: messages, notes and what happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from makegood.agents.models import Agent
from makegood.conversations.models import Attachment, Conversation, Delivery, Message, Note
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.telling import TOLD, told_of_assignment
from makegood.web.moments import time_of_day
from makegood.web.people import face
from makegood.web.sanitised import paragraphs, sanitised


@dataclass(slots=True)
class Entry:
    """One thing in the timeline, in ready strings. `kind`: "theirs", "ours", "note" or "event".

    `words`: of an event, or of a message or note as the page shows them. `about`: what stands beside the name.
    `alerts` are pairs of a state and its words. `day` is set where a new day begins.
    """

    kind: str
    at: datetime
    time: SafeString
    by: str
    face: SafeString | str = ""
    message: Message | None = None
    note: Note | None = None
    words: str | SafeString = ""
    icon: str = ""
    about: SafeString | str = ""
    alerts: list[tuple[str, str]] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    day: date | None = None
    shows_frame: bool = False  # the sender's own layout, as it was made: it is all new, and not plain
    has_html: bool = False  # the mail has a layout of its own
    has_quote: bool = False  # something was folded away
    can_split: bool = False  # a customer wrote it, and something was written before
    undo_url: str = ""  # of an event that can be taken back
    other_url: str = ""  # of the conversation that an event names, when it is another still
    offers_images: bool = False  # there are some on other hosts, and the raw mail that names them


@dataclass(frozen=True, slots=True)
class Regrouped:
    """Other conversations that events name: their subjects, which of them stand for themselves, and which merges and
    splits the viewer may take back.
    """

    subjects: dict[int, str] = field(default_factory=dict)
    apart: frozenset[int] = frozenset()
    merges: frozenset[int] = frozenset()
    splits: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Seen:
    """Who looks at which conversation, and names by id, of agents, tags and teams, so that they cost nothing."""

    conversation: Conversation
    agents: dict[int, Agent]
    viewer: Agent
    tags: dict[int, str] = field(default_factory=dict)
    teams: dict[int, str] = field(default_factory=dict)
    inboxes: dict[int, str] = field(default_factory=dict)
    regrouped: Regrouped = field(default_factory=Regrouped)

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
    "staff_name": gettext_lazy("The sender is called like a colleague, but this is no colleague's address."),
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


def message_entry(seen: Seen, message: Message, files: list[Attachment], trouble: list[Delivery]) -> Entry:
    """A message. `shown_inline`, read with it, is its HTML when that is shown inline; else a frame reads it."""
    ours = message.direction == Message.OUT
    by = (seen.name(message.agent_id) if ours else message.from_name) or message.from_name or message.from_email
    is_viewer = ours and message.agent_id == seen.viewer.pk
    has_html, has_quote = bool(message.html_version), bool(message.reply_text)
    shows_frame = has_html and not has_quote and not message.html_is_plain
    return Entry(
        "ours" if ours else "theirs",
        message.at,
        time_of_day(message.at),
        _("You") if is_viewer else by or _("Unknown sender"),
        face(by, message.agent_id, "team") if ours else face(by, message.contact_id),
        message=message,
        words="" if shows_frame else _words_of(message),
        about=_about(seen, message, "" if ours else by, ours=ours),
        alerts=[*(("soon", words) for words in _warnings(message)), *(("late", not_arrived(d)) for d in trouble)],
        files=files,
        shows_frame=shows_frame,
        has_html=has_html,
        has_quote=has_quote,
        offers_images=bool(message.has_remote_images and message.raw_id),
    )


def _words_of(message: Message) -> SafeString:
    """What is new in the message: sanitised HTML when that is plain and all new, else paragraphs of its text."""
    if html := getattr(message, "shown_inline", ""):
        return sanitised(html)
    return paragraphs(message.reply_text or message.text)


def _about(seen: Seen, message: Message, by: str, *, ours: bool) -> SafeString:
    """Address, time, marks, and how sure we are of the sender."""
    address, marks = _address_of(message, by), _marks(seen, message, ours=ours)
    parts = [
        format_html('<span class="micro faint clip">{}</span>', address) if address else "",
        time_of_day(message.at),
        format_html_join("", '<span class="tag {}">{}</span>', marks) if marks else "",
        "" if ours else _sureness(message.identity, get_language() or "en"),
    ]
    return format_html_join("", "{}", ((part,) for part in parts))


@lru_cache(maxsize=256)
def _sureness(identity: str, language: str) -> SafeString:
    words, title = IDENTITIES.get(identity, UNCONFIRMED)
    return format_html('<span class="micro faint" title="{}">{}</span>', title, words)


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
    if "first_contact" in message.warnings:
        marks.append(("", _("first letter")))
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


def note_entry(seen: Seen, note: Note, files: list[Attachment]) -> Entry:
    """What the team alone sees."""
    by, words = seen.name(note.agent_id), paragraphs(note.text)
    shown = _("You") if note.agent_id == seen.viewer.pk else by
    portrait = face(by, note.agent_id, "team")
    return Entry("note", note.at, time_of_day(note.at), shown, portrait, note=note, words=words, files=files)


def event_entry(seen: Seen, event: LoggedEvent) -> Entry:
    """What happened, in a sentence."""
    kind, number = event.actor.split(":")
    by = seen.name(int(number)) if kind == "agent" else _("The customer") if kind == "contact" else ""
    told = TOLD[event.name]
    if event.name == "conversation.assigned":
        told = told_of_assignment(event.actor, event.data)
    facts = {"by": by or _("Makegood"), **_named(seen, event)}
    other = event.data.get("other_id")
    return Entry(
        "event", event.at, time_of_day(event.at), by, words=str(told.here) % facts, icon=told.icon,
        undo_url=_undo_url(seen, event),
        other_url=reverse("conversation", args=[other]) if other in seen.regrouped.apart else "",
    )  # fmt: skip


def _undo_url(seen: Seen, event: LoggedEvent) -> str:
    merge, split = event.data.get("merge_id"), event.data.get("split_id")
    if merge in seen.regrouped.merges:
        return reverse("merger-delete", args=[seen.conversation.pk, merge])
    if split in seen.regrouped.splits:
        return reverse("split-delete", args=[seen.conversation.pk, split])
    return ""


def _named(seen: Seen, event: LoggedEvent) -> dict[str, str]:
    """The moment, the tag, the colleague or the team that the event's sentence names."""
    facts = event.data
    to = seen.name(facts.get("agent_id")) or seen.teams.get(facts.get("team_id") or 0)
    named = {"to": to or _("(gone)")}
    if until := facts.get("until"):
        named["until"] = formats.date_format(timezone.localtime(datetime.fromisoformat(until)), "DATETIME_FORMAT")
    if other_id := facts.get("other_id"):
        named["other"] = seen.regrouped.subjects.get(other_id, _("(not yours)")) or _("No subject")
    if inbox_id := facts.get("from_inbox_id"):
        named["from"] = seen.inboxes.get(inbox_id) or _("(not yours)")
    if tag_id := facts.get("tag_id"):
        named["tag"] = seen.tags.get(tag_id) or _("(gone)")
    return named
