"""`makegood seed`."""

from __future__ import annotations

import argparse
import sys
import time

from makegood.project.starting import bring_up_to_date, start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--conversations", type=int, required=True)
    parser.add_argument("--messages", type=int, help="in all (default three a conversation)")


def run(arguments: argparse.Namespace) -> int:
    start_django()
    bring_up_to_date()
    from makegood.conversations.actions.seeding import seed

    begin = time.monotonic()

    def tell(done: int, total: int) -> None:
        if sys.stderr.isatty() or done >= total:
            print(f"\r{done} of {total} messages, {time.monotonic() - begin:.0f} s", end="", file=sys.stderr)  # noqa: T201

    seed(arguments.conversations, arguments.messages or arguments.conversations * 3, tell=tell)
    print(file=sys.stderr)  # noqa: T201
    return 0
