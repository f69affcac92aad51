"""`makegood serve`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from makegood.errors import Refused
from makegood.project.starting import bring_up_to_date, start_django

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port (default MAKEGOOD_PORT or 8000)")
    parser.add_argument("--tls-cert", type=Path, help="certificate chain, PEM")
    parser.add_argument("--tls-key", type=Path, help="private key, PEM")
    parser.add_argument("--plain-http", action="store_true", help="allow http beyond this machine (a trusted network)")
    parser.add_argument("--resume-sending", action="store_true", help="a restored copy takes over and sends again")
    parser.add_argument("--role", choices=["all", "web", "worker"], default="all", help="one role only, on PostgreSQL")


def run(arguments: argparse.Namespace) -> int:
    if arguments.port:
        os.environ["MAKEGOOD_PORT"] = str(arguments.port)
    start_django()
    return serve(arguments)


def serve(arguments: argparse.Namespace) -> int:
    """With Django ready: migrate, then fork and watch. Returns the exit code."""
    from django.conf import settings  # Django was not there before
    from django.db import connections

    from makegood.project import serving, supervising
    from makegood.project.first_run import setup_link

    _check(arguments, settings)
    address = serving.Address(arguments.host, settings.PORT, arguments.tls_cert, arguments.tls_key)
    lock = supervising.hold(settings.DATA) if serving.is_lone() else None
    if arguments.role != "worker":
        supervising.check_port(address.host, address.port)
    bring_up_to_date()
    if arguments.resume_sending:
        (settings.DATA / "sending-paused").unlink(missing_ok=True)
    link = setup_link()
    connections.close_all()
    _say(settings.PUBLIC_URL, link)
    parser_socket = serving.ParserSocket()
    bodies: dict[str, supervising.Body] = {}
    if arguments.role != "worker":
        bodies |= {"first parser": parser_socket.serve, "web": lambda: serving.serve_web(address)}
    if arguments.role != "web":
        lone = serving.is_lone()
        bodies |= {"second parser": parser_socket.serve, "worker": lambda: serving.serve_worker(lone=lone)}
    try:
        return supervising.Supervisor(bodies).run()
    finally:
        parser_socket.remove()
        if lock is not None:
            os.close(lock)


def _check(arguments: argparse.Namespace, settings: object) -> None:
    if bool(arguments.tls_cert) != bool(arguments.tls_key):
        raise Refused("--tls-cert and --tls-key go together.")
    for file in (arguments.tls_cert, arguments.tls_key):
        if file and not file.is_file():
            raise Refused(f"There is no file {file}.")
    beyond = arguments.host not in LOOPBACK
    if beyond and getattr(settings, "DEBUG", False):
        raise Refused("MAKEGOOD_DEBUG shows secrets in its error pages; it runs on 127.0.0.1 only.")
    trusted = arguments.tls_cert or arguments.plain_http or getattr(settings, "TRUSTED_PROXIES", [])
    if beyond and not trusted:
        raise Refused(
            f"Passwords would cross the network unencrypted on http://{arguments.host}. Give --tls-cert and --tls-key, "
            "name the proxy in front with MAKEGOOD_PROXIES, or say --plain-http if you trust the network."
        )


def _say(url: str, link: str) -> None:
    if link:
        print(f"Begin here: {link}", flush=True)  # noqa: T201
        print("Nobody is set up yet; the link makes the first administrator and works once.", flush=True)  # noqa: T201
    print(f"Makegood is at {url}. Ctrl-C stops it.", flush=True)  # noqa: T201
