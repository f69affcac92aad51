"""`makegood doctor`."""

from __future__ import annotations

import argparse

from makegood.project.starting import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help="without reading every stored byte again")


def run(arguments: argparse.Namespace) -> int:
    start_django()
    from makegood.project.examining import examine

    sound = True
    for finding in examine(quick=arguments.quick):
        print(f"{'well ' if finding.is_good else 'WRONG'}  {finding.about}: {finding.said}")  # noqa: T201
        sound &= finding.is_good
    return 0 if sound else 1
