"""What each process of `serve` does: the web, the worker, the parser."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import socket
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from makegood.channels.mailroom import Mailroom
from makegood.channels.parser import process
from makegood.eventlog.reacting import react_all
from makegood.eventlog.sightings import SIGHTINGS
from makegood.jobs.waking import waker
from makegood.jobs.worker import Worker
from makegood.live.hub import Hub
from makegood.project.door import Door
from makegood.project.listeners import scopes_of_id
from makegood.project.rsgi import application

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the web process listens."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None


class ParserSocket:
    """The socket that parsers accept on; the parent keeps it, so a caller waits while a dead parser is replaced.

    A parser serves one caller until that hangs up: there are as many as callers, so that none waits for another.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="makegood-"))
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(str(self._folder / "parser"))
        self._socket.listen(16)
        os.environ["MAKEGOOD_PARSER"] = str(self._folder / "parser")

    def serve(self) -> None:
        """A parser process: one caller after another."""
        while True:
            line, _ = self._socket.accept()
            process.serve(line)

    def remove(self) -> None:
        """At the very end."""
        shutil.rmtree(self._folder, ignore_errors=True)


CONNECTIONS = 900  # at once, live streams included; 1024 open files are what a process has by default


def serve_web(address: Address) -> None:
    """The web process, until SIGTERM."""
    from granian.constants import Interfaces  # slow import
    from granian.server.embed import Server

    hub = Hub(scopes_of_id)
    hub.start()
    ended = threading.Event()
    sightings = threading.Thread(target=SIGHTINGS.keep_writing, args=(ended,), name="sightings", daemon=True)
    sightings.start()
    answering = application(hub)
    door = Door(address.port, answering.busy)

    async def run() -> None:
        server = Server(
            answering,
            address=address.host,
            port=address.port,
            interface=Interfaces.RSGI,
            websockets=False,
            backlog=1024,
            backpressure=CONNECTIONS,
            log_enabled=False,
            ssl_cert=address.certificate,
            ssl_key=address.key,
        )
        loop = asyncio.get_running_loop()

        def stop() -> None:
            hub.stop()
            loop.call_later(0.2, server.stop)

        loop.add_signal_handler(signal.SIGTERM, stop)
        watching = loop.create_task(door.watch())
        await server.serve()
        watching.cancel()

    asyncio.run(run())
    ended.set()
    sightings.join(5)


def serve_worker(*, lone: bool) -> None:
    """The worker process, until SIGTERM: jobs, reactions, mail."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    worker, mailroom = Worker(), Mailroom(lone=lone)
    reactor = threading.Thread(target=_react, args=(stop,), name="reactions", daemon=True)
    worker.start()
    mailroom.start()
    reactor.start()
    while not stop.wait(1.0):
        pass
    mailroom.stop()
    worker.stop()
    reactor.join(10)
    connection.close()


def is_lone() -> bool:
    """On SQLite the lock on the data folder makes sure that there is no other worker."""
    return bool(settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"))


def _react(stop: threading.Event) -> None:
    wake = waker(stop)
    while not stop.is_set():
        try:
            react_all(stop)
            wake.wait(5.0)
        except Exception:  # the worker loop's edge
            log.exception("reactions failed; trying again")
            connection.close()
            stop.wait(1.0)
    wake.close()
    connection.close()
