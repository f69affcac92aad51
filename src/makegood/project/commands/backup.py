"""`makegood backup FILE`."""

from __future__ import annotations

import argparse
from pathlib import Path

from makegood.project.starting import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a new file; set MAKEGOOD_BACKUP_PASSPHRASE to put the secret key in")
    parser.add_argument("--overwrite", action="store_true", help="replace the file when it is there already")


def run(arguments: argparse.Namespace) -> int:
    start_django()
    from makegood.agents.actions.auditing import note_backup
    from makegood.project.safekeeping import backup

    size = backup(arguments.file.absolute(), overwrite=arguments.overwrite)
    note_backup(is_nightly=False)
    print(f"{arguments.file}: {size / 1024**2:.1f} MB")  # noqa: T201
    return 0
