"""What the pages say of an inbox: its light, its last connection test, and whether its mail is trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.channels.email.probing import NAMES, OUT, WAITING, Step, verdict
from makegood.channels.lights import Light, plain_light_of
from makegood.channels.models import RawMessage
from makegood.inboxes.models import Inbox


@dataclass(frozen=True, slots=True)
class ShownStep:
    """As `components/steps.html` wants it."""

    title: str
    state: str
    detail: str


@dataclass(frozen=True, slots=True)
class Test:
    """A connection test as shown. `next_step`: what the page is to ask for now, or None."""

    steps: list[ShownStep]
    state: str = ""
    title: str = ""
    words: str = ""
    at: datetime | None = None
    seconds: float | None = None
    next_step: int | None = None


def light_of(inbox: Inbox) -> Light:
    """How it is, in a word and a sentence."""
    if not inbox.is_active:
        return plain_light_of(inbox)
    if inbox.health == "bad":
        return replace(plain_light_of(inbox), said=_wrong(inbox))
    if OUT in _broken(inbox):
        return Light(inbox, "late", _("Trouble"), _("Mail comes in, but could not go out at the last test."))
    if inbox.health == "good":
        return Light(inbox, "kept", _("Good"), inbox.health_said or _("Mail comes in."))
    if not inbox.settings.get("imap"):
        return Light(inbox, "std", _("Listening"), _("Waits for mail that is forwarded to us."))
    return Light(inbox, "soon", _("Not tried yet"), _("Makegood looks for the first time soon."))


def _wrong(inbox: Inbox) -> str:
    """What is kept of its health; when the last test said it, in the reader's language."""
    for step in (inbox.settings.get("test") or {}).get("steps", []):
        if step["broken"] and inbox.health_said == f"{step['said']} {step['remedy']}":
            read = Step.read(step)
            return f"{read.said} {read.remedy}"
    return inbox.health_said


def _broken(inbox: Inbox) -> set[str]:
    """The sides that the last test found broken: of mail going out the listener knows nothing."""
    steps = (inbox.settings.get("test") or {}).get("steps", [])
    return {side for step in steps for side in step["broken"]}


def waiting_test() -> Test:
    """Five steps that are about to begin."""
    return shown_test([], seconds=None)


def shown_test(steps: Sequence[Step], *, seconds: float | None, at: datetime | None = None) -> Test:
    """Steps that have ended, the one under way, and those that wait."""
    shown = [ShownStep(_title(step.name), step.state, _detail(step)) for step in steps]
    missing = NAMES[len(steps) :]
    shown += [ShownStep(_title(name), "waiting" if number else "running", "") for number, name in enumerate(missing)]
    if missing:
        return Test(shown, next_step=len(steps))
    state, title = verdict(steps)
    failed = [step for step in steps if step.state == "failed"]
    words = " ".join(dict.fromkeys(part for step in failed for part in (step.said, step.remedy) if part))
    return Test(shown, state, title, words, at, seconds)


def test_of(inbox: Inbox) -> Test | None:
    """The last one, if there was any."""
    kept = inbox.settings.get("test")
    if not kept:
        return None
    steps = [Step.read(step) for step in kept["steps"]]
    at = datetime.fromisoformat(kept["at"])
    shown = shown_test(steps, seconds=kept["seconds"], at=at)
    if {side for step in steps for side in step.broken} == {OUT}:
        shown = replace(shown, words=f"{shown.words} {_heard(inbox, at)}".strip())
    return shown


def _heard(inbox: Inbox, since: datetime) -> str:
    """What still works while nothing goes out."""
    count = RawMessage.objects.filter(inbox=inbox, received_at__gte=since, is_outgoing=False).count()
    if not count:
        return ""
    words = ngettext(
        "Customers are still being heard: %(count)s message arrived since %(time)s.",
        "Customers are still being heard: %(count)s messages arrived since %(time)s.",
        count,
    )
    return words % {"count": count, "time": date_format(timezone.localtime(since), "TIME_FORMAT")}


def _detail(step: Step) -> str:
    if step.state == WAITING:
        return step.said
    said = step.said if not step.remedy or step.said.endswith((".", "?")) else f"{step.said}."
    return f"{said} {step.remedy}".strip()


def _title(name: str) -> str:
    return {
        "found": _("Found the server"), "secure": _("Secure connection"), "read": _("Signed in and read mail"),
        "send": _("Sign in to send"), "return": _("Send a note to yourself and see it return"),
    }[name]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrustRow:
    """One line of "Will your mail be trusted?"."""

    name: str
    state: str
    word: str
    said: str
    host: str
    record: str


@dataclass(frozen=True, slots=True)
class Trust:
    """What the last look at the DNS found; no rows when none was taken yet."""

    domain: str
    rows: list[TrustRow]
    at: datetime | None
    selector: str


def trust_of(inbox: Inbox) -> Trust:
    """As kept by the daily look."""
    kept = inbox.settings.get("trust") or {}
    shown = {
        "good": ("kept", _("Good")), "missing": ("soon", _("Not found")), "wrong": ("late", _("Wrong")),
        "unknown": ("std", _("No answer")),
    }  # fmt: skip
    rows = [
        TrustRow(one["name"], *shown[one["state"]], one["said"], one["host"], one["record"])
        for one in kept.get("findings", [])
    ]
    at = datetime.fromisoformat(kept["at"]) if kept else None
    return Trust(inbox.address.rpartition("@")[2], rows, at, inbox.settings.get("dkim_selector", ""))
