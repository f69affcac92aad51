"""`makegood mail parse | accept | import`."""

from __future__ import annotations

import argparse
import base64
import json
import sys
from pathlib import Path
from typing import Any

from makegood.channels.email.pipe import hand_over
from makegood.errors import Refused
from makegood.project.environment import data_folder

TRY_AGAIN = 75


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    parse = actions.add_parser("parse", help="raw message on standard input, one JSON object out; needs no database")
    parse.add_argument("--batch", action="store_true", help='lines of {"id","raw_b64"} in, one JSON line each out')
    accept = actions.add_parser("accept", help="take one raw message on standard input; exit 0 only once it is stored")
    accept.add_argument("--inbox", required=True, help="name or address of the inbox")
    take = actions.add_parser("import", help="a Maildir, an mbox or a folder of .eml; twice doubles nothing")
    take.add_argument("path", type=Path)
    take.add_argument("--inbox", required=True, help="name or address of the inbox")
    take.add_argument("--as-new", action="store_true", help="as if it came just now, instead of as closed history")


def run(arguments: argparse.Namespace) -> int:
    return {"parse": _parse, "accept": _accept, "import": _import}[arguments.action](arguments)


def _parse(arguments: argparse.Namespace) -> int:
    if not arguments.batch:
        print(json.dumps(_answer(sys.stdin.buffer.read()), ensure_ascii=False))  # noqa: T201
        return 0
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
            id_, content = asked["id"], base64.b64decode(asked["raw_b64"], validate=True)
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(f'Line {number} is not of the form {{"id": …, "raw_b64": "…"}}: {error}.') from error
        print(json.dumps({"id": id_, **_answer(content)}), flush=True)  # noqa: T201
    return 0


def _answer(content: bytes) -> dict[str, Any]:
    from makegood.channels.email.parsing.as_json import as_json  # slow imports, which a pipe does without
    from makegood.channels.email.parsing.message import parse

    return as_json(parse(content), content)


def _accept(arguments: argparse.Namespace) -> int:
    """By the running server; while none runs, by ourselves. A wrong name is no fault of the letter: nothing bounces."""
    try:
        content = sys.stdin.buffer.read()
        fault = hand_over(data_folder(), arguments.inbox, content)
        if fault is None:
            fault = _stored_here(arguments.inbox, content)
    except (OSError, Refused) as error:
        fault = str(error)
    if fault:
        print(f"makegood: it could not be stored now: {fault}", file=sys.stderr)  # noqa: T201
    return TRY_AGAIN if fault else 0


def _stored_here(inbox: str, content: bytes) -> str:
    from django.db import DatabaseError  # slow import

    from makegood.project.starting import start_django

    start_django()
    from makegood.channels.intake import Arriving, raw_of, take_in
    from makegood.inboxes.queries import named

    try:
        take_in([Arriving(named(inbox), raw_of(content))])
    except DatabaseError as error:
        return str(error)
    return ""


def _import(arguments: argparse.Namespace) -> int:
    from makegood.project.starting import start_django

    start_django()
    from makegood.channels.importing import import_mail
    from makegood.inboxes.queries import named

    if not arguments.path.exists():
        raise Refused(f"There is no {arguments.path}.")
    count = import_mail(arguments.path, named(arguments.inbox), is_history=not arguments.as_new, tell=_progress)
    print(f"\n{count} messages are stored. They are read while Makegood is running.")  # noqa: T201
    return 0


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty() or done == total:
        print(f"\r{done} of {total}", end="", file=sys.stderr, flush=True)  # noqa: T201
