"""`makegood migrate`."""

from __future__ import annotations

import argparse

from makegood.project.starting import bring_up_to_date, start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(arguments: argparse.Namespace) -> int:
    start_django()
    print("Brought up to date." if bring_up_to_date() else "Up to date already.")  # noqa: T201
    return 0
