"""Connections that keep others out are closed: too many of one place, or silent for long where there are many.

granian counts connections in all, and waits for the first byte of one as long as it likes: 900 silent ones would keep
everybody out for good. So each second, once there are many, we look at the sockets of this process themselves.
One that has a request in hand is never closed.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import socket
import termios
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from makegood.project.askers import Busy, is_trusted, place_of, plain

# Thirty people behind one address, and the six connections that a browser opens to one host (HTTP/1.1), and some.
EACH = 200
CALM = 150  # open files of the process: with fewer, nobody is kept out and nothing is looked at
FULL = 600
SILENT_SECONDS, SILENT_WHEN_FULL = 30.0, 5.0
READING_SECONDS = 900.0  # for the end of a large answer, on a slow line
LOOK_SECONDS = 1.0
Peer = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Idle:
    """A connection without a request in hand."""

    file: int
    peer: Peer
    since: float  # its last request, or our first look at it
    silent_since: float  # nothing of ours is on its way any more either

    def is_over(self, moment: float, patience: float) -> bool:
        """Whether it has had its time."""
        return moment - self.silent_since > patience or moment - self.since > READING_SECONDS


@dataclass(slots=True)
class Door:
    """The connections to one port. `busy` are those that have a request in hand, by address and port."""

    port: int
    busy: Busy
    silent_seconds: float = SILENT_SECONDS
    _idle: dict[Peer, Idle] = field(default_factory=dict)

    async def watch(self) -> None:
        """For ever."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            with suppress(OSError):  # no file can be opened just now: next time
                self.look()

    def look(self) -> None:
        """Close what is too much."""
        files = [int(name) for name in os.listdir("/dev/fd")]  # noqa: PTH208  numbers, not paths
        if len(files) <= CALM:
            self._idle.clear()
            return
        moment = time.monotonic()
        count, idle = self._seen(files, moment)
        self._idle = {one.peer: one for lines in idle.values() for one in lines}
        patience = SILENT_WHEN_FULL if len(files) > FULL else self.silent_seconds
        for place, lines in idle.items():
            # A named proxy keeps its lines for the requests to come; it has closed what lies idle for so long itself.
            is_proxy = is_trusted(lines[0].peer[0])
            excess, mine = (0, READING_SECONDS) if is_proxy else (count[place] - EACH, patience)
            lines.sort(key=lambda one: one.silent_since)
            for number, one in enumerate(lines):
                if number < excess or one.is_over(moment, mine):
                    _close(one, self.port)

    def _seen(self, files: list[int], moment: float) -> tuple[Counter[str], dict[str, list[Idle]]]:
        """How many connections each place has, and those of them that are idle."""
        count, idle = Counter[str](), defaultdict[str, list[Idle]](list)
        for file in files:
            for line, peer in _connection(file, self.port):
                place = place_of(peer[0])
                count[place] += 1
                if peer not in self.busy:
                    before = self._idle.get(peer, Idle(file, peer, moment, moment))
                    asked = self.busy.last.get(peer, 0.0)  # also between two looks
                    silent_since = moment if _has_more_to_read(line) else max(before.silent_since, asked)
                    idle[place].append(Idle(file, peer, max(before.since, asked), silent_since))
        return count, idle


def _connection(file: int, port: int) -> Iterator[tuple[socket.socket, Peer]]:
    """An open file by a handle of our own, and the other end's address, when it is a connection to this port."""
    try:
        handle = os.dup(file)
    except OSError:  # gone meanwhile
        return
    try:
        line = socket.socket(fileno=handle)
    except OSError:  # no socket
        os.close(handle)
        return
    with line, suppress(OSError):  # it listens, or has just gone by itself
        if line.family in (socket.AF_INET, socket.AF_INET6) and line.getsockname()[1] == port:
            host, number, *_rest = line.getpeername()
            yield line, (plain(host.partition("%")[0]), number)


def _close(one: Idle, port: int) -> None:
    for line, peer in _connection(one.file, port):
        if peer == one.peer:
            line.shutdown(socket.SHUT_RDWR)


def _has_more_to_read(line: socket.socket) -> bool:
    """Whether bytes of ours are still on their way to the other end, as far as the system tells (macOS may not)."""
    try:
        return any(fcntl.ioctl(line.fileno(), termios.TIOCOUTQ, bytes(4)))
    except OSError:
        return False
