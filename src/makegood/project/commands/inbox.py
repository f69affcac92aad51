"""`makegood inbox add | list | check`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping

from makegood.project.starting import bring_up_to_date, start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="every inbox and how it is")
    check = actions.add_parser("check", help="the connection test of one inbox, step by step; exit 1 when one fails")
    check.add_argument("address")
    # What more it takes is the channel's to say, and channels are there once Django is.
    add = actions.add_parser("add", help="an inbox without a browser; `inbox add email --help` says what it takes")
    add.add_argument("channel")
    add.add_argument("words", nargs=argparse.REMAINDER, metavar="…")


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
    from makegood.channels.registry import CHANNELS, channel_of
    from makegood.errors import Refused
    from makegood.inboxes.models import Inbox

    inbox = Inbox.objects.filter(channel__in=CHANNELS, address=arguments.address.lower()).first()
    if inbox is None:
        raise Refused(f"There is no inbox for {arguments.address}. `makegood inbox list` names them.")
    is_good = True
    for went_well, said in channel_of(inbox).check(inbox):
        print(said, flush=True)  # noqa: T201
        is_good = is_good and went_well
    return int(not is_good)


def _add(arguments: argparse.Namespace) -> int:
    from makegood.channels.registry import CHANNELS
    from makegood.errors import Refused
    from makegood.eventlog.events import SYSTEM
    from makegood.inboxes.actions.managing import add_inbox
    from makegood.standards.actions.answering import answer_from_now_on

    channel = CHANNELS.get(arguments.channel)
    if channel is None:
        raise Refused(f"There is no channel {arguments.channel}. Known: {', '.join(CHANNELS)}.")
    parser = argparse.ArgumentParser(prog=f"makegood inbox add {channel.kind}")
    parser.add_argument("--address", required=True)
    parser.add_argument("--name", default="")
    parser.add_argument("--secrets-stdin", action="store_true")
    parser.add_argument("--auto-reply", default="", help="answer whoever begins a conversation with these words")
    channel.add_arguments(parser)
    given = parser.parse_args(arguments.words)
    kept = _secrets(sys.stdin.read() if given.secrets_stdin else "")
    settings, secrets = channel.from_arguments(given, lambda name: kept.get(name, ""))
    inbox = add_inbox(
        name=given.name or given.address,
        address=given.address,
        channel=channel.kind,
        settings=settings,
        secrets=secrets,
        by=SYSTEM,
    )
    if given.auto_reply:
        answer_from_now_on(inbox, given.auto_reply, by=SYSTEM)
    print(f"{inbox.address} is added. A running Makegood connects to it by itself.")  # noqa: T201
    return 0


def _secrets(lines: str) -> Mapping[str, str]:
    """By name, from the environment and from lines NAME=VALUE, which come first."""
    prefix = "MAKEGOOD_"
    known = {name.removeprefix(prefix): value for name, value in os.environ.items() if name.startswith(prefix)}
    return known | dict(line.split("=", 1) for line in lines.splitlines() if "=" in line)
