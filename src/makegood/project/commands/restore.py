"""`makegood restore FILE`."""

from __future__ import annotations

import argparse
from pathlib import Path

from makegood.errors import Refused
from makegood.project.starting import bring_up_to_date, start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="what `makegood backup` wrote")


def run(arguments: argparse.Namespace) -> int:
    start_django()
    from makegood.project.safekeeping import restore

    if not arguments.file.is_file():
        raise Refused(f"There is no file {arguments.file}.")
    about = restore(arguments.file)
    bring_up_to_date()
    from makegood.project.unopened import remedies

    print(  # noqa: T201
        f"Restored as of {about['made_at']}. Sending is paused, so that no customer hears from this copy;\n"
        "when it shall take over, start it with: makegood serve --resume-sending"
    )
    if told := remedies():
        print(told)  # noqa: T201
    return 0
