"""`makegood init`."""

from __future__ import annotations

import argparse
import getpass
import sys

from makegood.project.starting import bring_up_to_date, start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--admin", required=True, metavar="EMAIL", help="the first administrator's address")
    parser.add_argument("--name", default="", help="their name (default: the part before the @)")
    parser.add_argument("--company", default="", help="the company's name")
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")


def run(arguments: argparse.Namespace) -> int:
    start_django()
    bring_up_to_date()
    from makegood.agents.actions.joining import create_first_admin

    password = sys.stdin.readline().rstrip("\n") if arguments.password_stdin else getpass.getpass("Password: ")
    name = arguments.name or arguments.admin.partition("@")[0]
    create_first_admin(email=arguments.admin, name=name, password=password, company=arguments.company)
    print(f"{arguments.admin} is the administrator. Start with: makegood serve")  # noqa: T201
    return 0
