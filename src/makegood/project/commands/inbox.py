"""`makegood inbox add | list | check`."""

from __future__ import annotations

import argparse
import os
import sys

from makegood.project.starting import bring_up_to_date, start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="every inbox and how it is")
    check = actions.add_parser("check", help="the connection test of one inbox, step by step; exit 1 when one fails")
    check.add_argument("address")
    add = actions.add_parser(
        "add",
        help="an inbox without a browser",
        epilog="Passwords come from MAKEGOOD_IMAP_PASSWORD and MAKEGOOD_SMTP_PASSWORD, or with --secrets-stdin as "
        "lines NAME=VALUE on standard input; in a URL they can be seen by everybody on the machine.",
    )
    add.add_argument("channel", choices=["email"])
    add.add_argument("--address", required=True)
    add.add_argument("--name", default="")
    add.add_argument(
        "--imap-url", default="", help="imaps://user@host:port (imap: STARTTLS, imap+plain: no encryption)"
    )
    add.add_argument(
        "--smtp-url", default="", help="smtps://user@host:port (smtp: STARTTLS, smtp+plain: no encryption)"
    )
    add.add_argument("--poll-seconds", type=int, default=60)
    add.add_argument("--start", choices=["now", "90days", "all"], default="now", help="which old mail to bring in")
    add.add_argument("--folder", action="append", help="folder to watch, again for more (default INBOX)")
    add.add_argument("--sent-folder", default="", help="read what colleagues send with other mail programs")
    add.add_argument("--plus-addressing", action="store_true", help="mail to name+anything@… reaches this mailbox")
    add.add_argument("--trial", action="store_true", help="change nothing on the mail server")
    add.add_argument("--auto-reply", default="", help="answer the first letter of each conversation with these words")
    add.add_argument("--secrets-stdin", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    start_django()
    bring_up_to_date()
    return {"list": _list, "add": _add, "check": _check}[arguments.action](arguments)


def _list(arguments: argparse.Namespace) -> int:
    from makegood.inboxes.models import Inbox

    for inbox in Inbox.objects.all():
        print(f"{inbox.address}\t{inbox.channel}\t{inbox.health or 'not tried yet'}\t{inbox.health_said}")  # noqa: T201
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from makegood.channels.email.probing import FAILED, Probe, Step, probe_all, verdict
    from makegood.channels.email.showing import shown_test
    from makegood.errors import Refused
    from makegood.inboxes.models import Inbox

    inbox = Inbox.objects.filter(channel="email", address=arguments.address.lower()).first()
    if inbox is None:
        raise Refused(f"There is no e-mail inbox for {arguments.address}. `makegood inbox list` names them.")
    steps: list[Step] = []
    for step in probe_all(Probe.of(inbox)):
        steps.append(step)
        shown = shown_test(steps, seconds=None).steps[len(steps) - 1]
        print(f"{shown.state:8}{shown.title}\n        {shown.detail}", flush=True)  # noqa: T201
    print(verdict(steps)[1])  # noqa: T201
    return int(any(step.state == FAILED for step in steps))


def _add(arguments: argparse.Namespace) -> int:
    from makegood.channels.email.connecting import from_url
    from makegood.eventlog.events import SYSTEM
    from makegood.inboxes.actions.managing import add_inbox

    given = _secrets(arguments)
    settings: dict[str, object] = {}
    secrets: dict[str, str] = {}
    for name, url in (("imap", arguments.imap_url), ("smtp", arguments.smtp_url)):
        if url:
            settings[name], password = from_url(url)
            secrets[f"{name}_password"] = given.get(f"{name.upper()}_PASSWORD") or password
    if arguments.imap_url:
        imap = settings["imap"]
        assert isinstance(imap, dict)
        imap |= {
            "folders": arguments.folder or ["INBOX"],
            "sent_folder": arguments.sent_folder,
            "poll_seconds": arguments.poll_seconds,
            "start": arguments.start,
            "trial": arguments.trial,
        }
    if arguments.plus_addressing:
        settings["plus_addressing"] = True
    if arguments.auto_reply:
        settings["auto_reply"] = arguments.auto_reply
    inbox = add_inbox(
        name=arguments.name or arguments.address,
        address=arguments.address,
        channel=arguments.channel,
        settings=settings,
        secrets=secrets,
        by=SYSTEM,
    )
    print(f"{inbox.address} is added. A running Makegood connects to it by itself.")  # noqa: T201
    return 0


def _secrets(arguments: argparse.Namespace) -> dict[str, str]:
    lines = sys.stdin.read().splitlines() if arguments.secrets_stdin else []
    given = dict(line.split("=", 1) for line in lines if "=" in line)
    for name in ("IMAP_PASSWORD", "SMTP_PASSWORD"):
        if value := os.environ.get(f"MAKEGOOD_{name}"):
            given.setdefault(name, value)
    return given
