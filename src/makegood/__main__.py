"""The `makegood` command. Each command is imported only when it is asked for, so those without Django are quick."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module

from makegood.errors import Refused
from makegood.project.environment import require_house

COMMANDS = {
    "serve": "everything in one process group on one port: pages, mail, jobs",
    "demo": "serve a small made-up company from a throw-away folder",
    "init": "set up without a browser",
    "new-password": "make a link with which somebody chooses a new password",
    "inbox": "add and list inboxes",
    "mail": "parse, accept or import raw mail",
    "check-messages": "one JSON line for each stored customer message",
    "doctor": "check every invariant and say what is wrong",
    "backup": "write everything into one file, while it runs",
    "export": "write everything into a folder, in open formats",
    "restore": "put a backup into an empty place; sending is paused there",
    "seed": "fill an empty data folder with made-up conversations",
    "migrate": "bring the database up to date (serve does this by itself)",
}
# What is about a Makegood that is there already. A letter at `mail accept` must not bounce: that one asks to try again.
_THERE = {"new-password", "inbox", "mail import", "check-messages", "doctor", "backup", "export"}


def main() -> None:
    """Exit codes: 0 done, 1 refused with a sentence, 2 wrong words, 75 try again later (sysexits EX_TEMPFAIL)."""
    parser = argparse.ArgumentParser(prog="makegood", description="A help desk that keeps promises to people.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    for name, summary in COMMANDS.items():
        sub = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        if name == wanted:
            module = import_module(f"makegood.project.commands.{name.replace('-', '_')}")
            module.add_arguments(sub)
            sub.set_defaults(run=module.run)
    arguments = parser.parse_args()
    try:
        if {arguments.command, f"{arguments.command} {getattr(arguments, 'action', '')}"} & _THERE:
            require_house()
        sys.exit(arguments.run(arguments) or 0)
    except Refused as refused:
        print(f"makegood: {refused}", file=sys.stderr)  # noqa: T201  a command speaks
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
