"""Which connections are closed, and that looking at them opens and closes nothing else."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from makegood.project import door as doors
from makegood.project.askers import REMEMBERED, Busy
from makegood.project.door import CALM, EACH, Door

LARGE = bytes(8 * 1024 * 1024)  # more than a connection holds that nobody reads


@contextmanager
def connections(count: int) -> Iterator[tuple[int, list[socket.socket], list[socket.socket]]]:
    """The port, the visitors' ends, and ours, in their order."""
    with ExitStack() as held:
        door = held.enter_context(socket.create_server(("127.0.0.1", 0), backlog=1024))
        theirs, ours = [], []
        for _ in range(count):
            theirs.append(held.enter_context(socket.create_connection(door.getsockname())))
            ours.append(held.enter_context(door.accept()[0]))
        yield door.getsockname()[1], theirs, ours


def is_open(line: socket.socket) -> bool:
    """As a visitor's end sees it."""
    line.setblocking(False)
    try:
        return bool(line.recv(1))
    except BlockingIOError:
        return True


def test_of_one_address_those_that_say_nothing_go_and_what_is_in_hand_stays() -> None:
    with connections(EACH + 10) as (port, theirs, _ours), ExitStack() as held:
        busy = Busy()
        for line in theirs[::3]:
            held.enter_context(busy.holding(line.getsockname()))
        Door(port, busy).look()

        closed = [number for number, line in enumerate(theirs) if not is_open(line)]
        assert (len(closed), [number for number in closed if number % 3 == 0]) == (10, [])


def test_a_named_proxy_may_have_more(settings: object) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1/32"]  # type: ignore[attr-defined]
    with connections(EACH + 10) as (port, theirs, _ours):
        Door(port, Busy()).look()

        assert all(map(is_open, theirs))


def test_a_named_proxy_keeps_its_lines_for_the_requests_to_come(settings: object) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1/32"]  # type: ignore[attr-defined]
    with connections(CALM) as (port, theirs, _ours):
        Door(port, Busy(), silent_seconds=-1).look()

        assert all(map(is_open, theirs))


def test_who_asks_between_two_looks_is_not_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "READING_SECONDS", 0.2)
    with connections(CALM) as (port, theirs, _ours):
        busy = Busy()
        door = Door(port, busy, silent_seconds=0.2)
        door.look()
        time.sleep(0.3)
        with busy.holding(theirs[0].getsockname()):
            pass

        door.look()

        assert [number for number, line in enumerate(theirs) if is_open(line)] == [0]


def test_of_connections_that_are_gone_not_many_are_remembered() -> None:
    busy = Busy()
    for number in [*range(REMEMBERED), 0, REMEMBERED]:
        with busy.holding(number):
            assert number in busy

    assert (list(busy.last), 0 in busy) == ([*range(2, REMEMBERED), 0, REMEMBERED], False)


def test_the_silent_go_also_where_the_system_does_not_tell_what_is_on_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """As macOS may not, of sockets."""

    def refuse(*_words: object) -> None:
        raise OSError

    monkeypatch.setattr(fcntl, "ioctl", refuse)
    with connections(CALM) as (port, theirs, _ours):
        Door(port, Busy(), silent_seconds=-1).look()

        assert not any(map(is_open, theirs))


def test_where_there_are_many_the_silent_go_in_time_but_not_who_still_reads_an_answer() -> None:
    with connections(CALM) as (port, theirs, ours):
        ours[0].setblocking(False)
        ours[0].send(LARGE)
        door = Door(port, Busy(), silent_seconds=0.2)
        door.look()
        assert all(map(is_open, theirs[1:]))
        time.sleep(0.3)

        door.look()

        assert [number for number, line in enumerate(theirs) if is_open(line)] == [0]


def test_where_there_are_few_nobody_is_looked_at() -> None:
    with connections(10) as (port, theirs, _ours):
        door = Door(port, Busy(), silent_seconds=-1)
        door.look()

        assert all(map(is_open, theirs))


@pytest.mark.parametrize("port", [0, 1])
def test_looking_leaves_no_file_open(port: int) -> None:
    with connections(CALM), open(os.devnull) as _file:  # noqa: PTH123
        before = os.listdir("/dev/fd")  # noqa: PTH208
        Door(port, Busy()).look()

        assert os.listdir("/dev/fd") == before  # noqa: PTH208
