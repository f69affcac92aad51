"""`makegood export DIR`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from makegood.project.starting import start_django

if TYPE_CHECKING:
    from makegood.project.exporting import Told


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dir", type=Path, help="a new or empty folder")


def run(arguments: argparse.Namespace) -> int:
    start_django()
    from makegood.project.exporting import export

    told = export(arguments.dir.absolute(), _tell)
    print(f"\r{told.done} rows, mails and files", file=sys.stderr)  # noqa: T201
    print(f"{arguments.dir}: README.txt says what is where", file=sys.stderr)  # noqa: T201
    return 0


def _tell(told: Told) -> None:
    if sys.stderr.isatty():
        print(f"\r{told.done} of {max(told.total, told.done)}", end="", file=sys.stderr, flush=True)  # noqa: T201
