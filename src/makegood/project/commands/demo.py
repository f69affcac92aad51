"""`makegood demo`."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from makegood.project.commands import serve
from makegood.project.starting import bring_up_to_date, start_django

EMAIL, PASSWORD = "marisol@quillfeather.example", "a lit porch for everyone"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    serve.add_arguments(parser)
    parser.add_argument(
        "--keep", action="store_true", help="use MAKEGOOD_DATA and keep it, instead of a throw-away folder"
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.port:
        os.environ["MAKEGOOD_PORT"] = str(arguments.port)
    if arguments.keep:
        return _serve(arguments)
    with tempfile.TemporaryDirectory(prefix="makegood-demo-", ignore_cleanup_errors=True) as folder:
        os.environ["MAKEGOOD_DATA"] = str(Path(folder))
        os.environ.pop("DATABASE_URL", None)
        return _serve(arguments)


def _serve(arguments: argparse.Namespace) -> int:
    start_django()
    bring_up_to_date()
    from makegood.agents.models import Agent
    from makegood.project.showing import furnish

    if not Agent.objects.exists():
        furnish(EMAIL, PASSWORD)
    print(f"Sign in as {EMAIL} with the password: {PASSWORD}", flush=True)  # noqa: T201
    return serve.serve(arguments)
