"""The connection test: five named steps, each at most ten seconds, with the servers' own words and one remedy.

A step looks at both sides, coming in and going out, at the same time; what is broken on one side does not keep the
other from being tried, so that people can be told what still works. Each is told in every language of ours, since it is
kept for all who may read it.
"""

from __future__ import annotations

import smtplib
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from functools import partial
from typing import Any

from django.conf import settings as house
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from makegood.channels import probe_notes
from makegood.channels.email import imap, smtp
from makegood.channels.email import probing_servers as servers
from makegood.channels.email.connecting import ImapSettings, Server, SmtpSettings
from makegood.channels.email.notes import MARK
from makegood.channels.email.probing_faults import Fault, RelayDenied, SpeaksTls, fault_of
from makegood.channels.errors import DeliveryFailed, DeliveryUncertain
from makegood.clock.now import now
from makegood.conversations.envelope import Outgoing, Receipt
from makegood.inboxes.models import Inbox

SECONDS = 10.0
RETURN_SECONDS = 20.0
LOOK_EVERY = 1.0
NAMES = ("found", "secure", "read", "send", "return")
DONE, FAILED, WAITING = "done", "failed", "waiting"
IN, OUT = "in", "out"
ERRORS = (
    *imap.WIRE_ERRORS, smtplib.SMTPException, DeliveryFailed, DeliveryUncertain, RelayDenied, SpeaksTls, UnicodeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """How one of `NAMES` ended: done, failed or waiting. `broken`: the sides ("in", "out") that it found broken.

    `in_languages`: what was said, and the remedy, by language; from before that was kept there is none.
    """

    name: str
    state: str
    said: str = ""
    remedy: str = ""
    broken: tuple[str, ...] = ()
    in_languages: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Step:
        """The step behind its JSON, in the language of who reads it."""
        as_tested = kept["said"], kept["remedy"]
        said, remedy = kept.get("in_languages", {}).get(get_language() or "en", as_tested)
        return cls(**{**kept, "broken": tuple(kept["broken"]), "said": said, "remedy": remedy})


Tell = Callable[[], Step]  # what was found, told in the language of the moment


@dataclass(frozen=True, slots=True)
class Probe:
    """What is tried. Without `imap` mail is forwarded to us; then `has_arrived` says whether a Message-ID came in.

    `remember` is told the note's Message-ID before it leaves.
    """

    address: str
    imap: ImapSettings | None
    smtp: SmtpSettings | None
    has_arrived: Callable[[str], bool] = field(default=lambda _message_id: False)
    remember: Callable[[str], None] = field(default=lambda _message_id: None)
    return_seconds: float = RETURN_SECONDS

    @classmethod
    def of(cls, inbox: Inbox) -> Probe:
        """What this inbox keeps; refuses when its secrets cannot be opened."""
        smtp_settings = SmtpSettings.of(inbox) if inbox.settings.get("smtp") else None
        has_arrived, remember = partial(probe_notes.is_back, inbox), partial(probe_notes.remember, inbox)
        return cls(inbox.address, ImapSettings.of(inbox), smtp_settings, has_arrived, remember)

    def servers(self) -> dict[str, Server]:
        """By side; a side without a server is not tried."""
        found = {IN: self.imap and self.imap.server, OUT: self.smtp and self.smtp.server}
        return {side: server for side, server in found.items() if server}


def probe_all(probe: Probe) -> Iterator[Step]:
    """All five, in order."""
    steps: list[Step] = []
    for _name in NAMES:
        steps.append(probe_next(probe, steps))
        yield steps[-1]


def probe_next(probe: Probe, earlier: Sequence[Step]) -> Step:
    """The step after `earlier`."""
    name = NAMES[len(earlier)]
    broken = {side for step in earlier for side in step.broken}
    tell = _STEPS[name](probe, broken)
    return replace(tell(), in_languages={code: _told(tell, code) for code in dict(house.LANGUAGES)})


def verdict(steps: Sequence[Step]) -> tuple[str, str]:
    """What works and what does not, in one sentence, with its colour: "kept", "late", or "soon" when in between."""
    broken = {side for step in steps for side in step.broken}
    failed = [step for step in steps if step.state == FAILED]
    if {IN, OUT} <= broken:
        return "late", _("Mail neither comes in nor goes out yet.")
    if OUT in broken:
        return "late", _("Mail comes in, but can’t go out yet.")
    if IN in broken:
        return "late", _("Mail can go out, but doesn’t come in yet.")
    if failed:
        return "soon", _("Mail comes in and goes out, but the note to yourself has not come back.")
    return "kept", _("Mail comes in and goes out.")


def _told(tell: Tell, language: str) -> tuple[str, str]:
    with override(language):
        step = tell()
    return step.said, step.remedy


def _found(probe: Probe, broken: set[str]) -> Tell:
    sides = probe.servers()
    outcomes = _at_once({side: partial(servers.find, server) for side, server in sides.items()})
    answering = [server for side, server in sides.items() if not isinstance(outcomes[side], BaseException)]
    ports: dict[str, list[str]] = {}
    for server in answering:
        ports.setdefault(server.host, []).append(str(server.port))
    return partial(_joined, "found", sides, outcomes, partial(_answers, ports))


def _answers(ports: Mapping[str, list[str]]) -> str:
    return "; ".join(
        _("%(host)s answers on %(ports)s") % {"host": host, "ports": _(" and ").join(dict.fromkeys(its))}
        for host, its in ports.items()
    )


def _secure(probe: Probe, broken: set[str]) -> Tell:
    sides = {side: server for side, server in probe.servers().items() if side not in broken}
    if not sides:
        return _waits("secure")
    handshakes = {IN: servers.imap_handshake, OUT: servers.smtp_handshake}
    outcomes = _at_once({side: partial(handshakes[side], server) for side, server in sides.items()})
    return partial(_joined, "secure", sides, outcomes, partial(_words_of, outcomes))


def _read(probe: Probe, broken: set[str]) -> Tell:
    settings = probe.imap
    if settings is None:
        return lambda: Step("read", DONE, _("Mail is forwarded to us, so there is nothing to sign in to."))
    if IN in broken:
        return _waits("read")
    outcomes = _at_once({IN: lambda: servers.look_into(settings)})
    return partial(_joined, "read", {IN: settings.server}, outcomes, partial(_words_of, outcomes))


def _send(probe: Probe, broken: set[str]) -> Tell:
    settings = probe.smtp
    if settings is None:
        return lambda: Step("send", FAILED, _("No server for going out is entered yet."), _("Enter it above."), (OUT,))
    if OUT in broken:
        return _waits("send")
    outcomes = _at_once({OUT: lambda: servers.sign_in_to_send(settings, probe.address)})
    return partial(_joined, "send", {OUT: settings.server}, outcomes, partial(_words_of, outcomes))


def _return(probe: Probe, broken: set[str]) -> Tell:
    settings = probe.smtp
    if broken or settings is None:
        return _waits("return")
    if probe.imap is not None and probe.imap.trial:
        return lambda: Step("return", WAITING, _("Trial mode changes nothing on the server, so no note is sent."))
    note = _note(probe.address)
    probe.remember(note.message_id)
    outcomes = _at_once({OUT: lambda: smtp.hand_over(settings, note, lambda: None)})
    receipt = outcomes[OUT]
    if isinstance(receipt, BaseException):
        return partial(_joined, "return", {OUT: settings.server}, outcomes, lambda: "")
    assert isinstance(receipt, Receipt)
    if receipt.refused:
        remedy, said = {"address": probe.address}, receipt.refused[0].said
        return lambda: Step("return", FAILED, said, _("Check that %(address)s exists there.") % remedy)
    return _wait_for(probe, note.message_id)


def _wait_for(probe: Probe, message_id: str) -> Tell:
    begun = time.monotonic()
    while time.monotonic() - begun < probe.return_seconds:
        if _is_back(probe, message_id):
            seconds = max(round(time.monotonic() - begun), 1)
            return lambda: Step("return", DONE, _("It came back after %(seconds)s s") % {"seconds": seconds})
        time.sleep(LOOK_EVERY)
    return lambda: Step(
        "return",
        FAILED,
        _("The server took the note, but it has not come back within %(seconds)s s.")
        % {"seconds": round(probe.return_seconds)},
        _("Some servers take minutes: test again then. If it never comes, look in the spam folder.")
        if probe.imap
        else _("Check that your mail server hands mail for this address to us."),
    )


def _is_back(probe: Probe, message_id: str) -> bool:
    settings = probe.imap
    if settings is None:
        return probe.has_arrived(message_id)
    return _at_once({IN: lambda: servers.holds(settings, message_id)})[IN] is True


def _note(address: str) -> Outgoing:
    """Automatic mail with no return path, so that nobody answers it."""
    mail = EmailMessage(policy=SMTP.clone(max_line_length=998))
    mail["From"] = mail["To"] = address
    mail["Subject"] = _("A note from Makegood to itself")
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = make_msgid(MARK, address.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(_("Mail goes out and comes back. You need not answer, and may delete this.") + "\n")
    return Outgoing("", mail["Message-ID"], address, (address,), mail.as_bytes())


def _words_of(outcomes: Mapping[str, object]) -> str:
    """What went well; a side that did gives a function that says so."""
    return "; ".join(dict.fromkeys(str(outcome()) for outcome in outcomes.values() if callable(outcome)))


def _joined(name: str, tried: dict[str, Server], outcomes: dict[str, object], words: Callable[[], str]) -> Step:
    """One step out of its sides: the first fault is told, what went well stands before it."""
    said = words()
    faults = {side: outcome for side, outcome in outcomes.items() if isinstance(outcome, BaseException)}
    if not faults:
        return Step(name, DONE, said)
    told: list[Fault] = []
    for side, error in faults.items():
        fault = fault_of(error, tried[side])
        if fault not in told:
            told.append(fault)
    good = f"{said}. " if said and len(faults) < len(outcomes) else ""
    return Step(name, FAILED, good + " ".join(fault.said for fault in told), told[0].remedy, tuple(faults))


def _waits(name: str) -> Tell:
    return lambda: Step(name, WAITING, _("Waits for the step above"))


def _at_once(calls: Mapping[str, Callable[[], object]]) -> dict[str, object]:
    """What each gives, or the error it raised. One that hangs is left alone after ten seconds: a TimeoutError."""
    outcomes: dict[str, object] = {}
    language = get_language() or "en"  # a thread of its own knows nothing of ours

    def run(side: str) -> None:
        with override(language):
            try:
                outcomes[side] = calls[side]()
            except ERRORS as error:
                outcomes[side] = error

    threads = {side: threading.Thread(target=run, args=(side,), daemon=True) for side in calls}
    end = time.monotonic() + SECONDS
    for thread in threads.values():
        thread.start()
    for thread in threads.values():
        thread.join(max(end - time.monotonic(), 0.0))
    ended = dict(outcomes)
    for side, thread in threads.items():
        if side not in ended and not thread.is_alive():
            raise RuntimeError(f"the step ended without an outcome on side {side}")
    return {side: ended.get(side, TimeoutError()) for side in calls}


_STEPS: dict[str, Callable[[Probe, set[str]], Tell]] = {
    "found": _found, "secure": _secure, "read": _read, "send": _send, "return": _return,
}  # fmt: skip
