"""An e-mail inbox on the console: what `makegood inbox add email` takes, and its connection test as lines."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterator

from makegood.channels.email.clashing import address_fault, reply_domain_fault
from makegood.channels.email.connecting import from_url
from makegood.channels.email.probing import FAILED, Probe, Step, probe_all, verdict
from makegood.channels.email.showing import shown_test
from makegood.conversations.addressing import ADDRESS
from makegood.errors import Refused
from makegood.inboxes.models import Inbox

PASSWORDS = (
    "Passwords come from MAKEGOOD_IMAP_PASSWORD and MAKEGOOD_SMTP_PASSWORD, or with --secrets-stdin as "
    "lines NAME=VALUE on standard input; in a URL they can be seen by everybody on the machine."
)


def add_arguments(parser: ArgumentParser) -> None:
    """See `Channel`."""
    parser.epilog = PASSWORDS
    parser.add_argument(
        "--imap-url", default="", help="imaps://user@host:port (imap: STARTTLS, imap+plain: no encryption)"
    )
    parser.add_argument(
        "--smtp-url", default="", help="smtps://user@host:port (smtp: STARTTLS, smtp+plain: no encryption)"
    )
    parser.add_argument("--poll-seconds", type=int, default=60)
    parser.add_argument("--start", choices=["now", "90days", "all"], default="now", help="which old mail to bring in")
    parser.add_argument("--folder", action="append", help="folder to watch, again for more (default INBOX)")
    parser.add_argument("--sent-folder", default="", help="read what colleagues send with other mail programs")
    parser.add_argument("--plus-addressing", action="store_true", help="mail to name+anything@… reaches this mailbox")
    parser.add_argument("--reply-domain", type=_domain, help="a domain kept for answers alone")
    parser.add_argument("--trial", action="store_true", help="change nothing on the mail server")


def _domain(given: str) -> str:
    if not ADDRESS.fullmatch(f"care@{given}"):
        raise ArgumentTypeError(f"{given} is no domain, such as replies.quillfeather.example")
    return given.lower()


def from_arguments(given: Namespace, secret_of: Callable[[str], str]) -> tuple[dict[str, object], dict[str, str]]:
    """See `Channel`."""
    settings: dict[str, object] = {}
    secrets: dict[str, str] = {}
    for name, url in (("imap", given.imap_url), ("smtp", given.smtp_url)):
        if url:
            settings[name], password = from_url(url)
            secrets[f"{name}_password"] = secret_of(f"{name.upper()}_PASSWORD") or password
    if isinstance(imap := settings.get("imap"), dict):
        imap |= {
            "folders": given.folder or ["INBOX"],
            "sent_folder": given.sent_folder,
            "poll_seconds": given.poll_seconds,
            "start": given.start,
            "trial": given.trial,
        }
    if given.plus_addressing:
        settings["plus_addressing"] = True
    if fault := address_fault(given.address):
        raise Refused(fault)
    if given.reply_domain:
        if fault := reply_domain_fault(given.reply_domain, given.address):
            raise Refused(fault)
        settings["reply_domain"] = given.reply_domain
    return settings, secrets


def check(inbox: Inbox) -> Iterator[tuple[bool, str]]:
    """See `Channel`."""
    steps: list[Step] = []
    for step in probe_all(Probe.of(inbox)):
        steps.append(step)
        shown = shown_test(steps, seconds=None).steps[len(steps) - 1]
        yield step.state != FAILED, f"{shown.state:8}{shown.title}\n        {shown.detail}"
    yield True, verdict(steps)[1]
