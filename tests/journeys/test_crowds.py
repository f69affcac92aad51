"""Whoever asks much, sends slowly or says nothing keeps no other out: not from pages, not from sending."""

from __future__ import annotations

import asyncio
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from makegood.project import door, rsgi
from tests.counterparts.letters import TO
from tests.counterparts.makegood import ADMIN, PASSWORD, Makegood, makegood, token_of
from tests.counterparts.waiting import eventually

pytestmark = pytest.mark.server

STRANGER = "127.0.0.2"  # all of 127/8 is this machine, so that addresses can be told apart
PROXY = "127.0.0.1"
HEALTH = "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
POST = "POST /hooks/1 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\nCookie: makegood=made-up\r\n"


@pytest.fixture(scope="module")
def house() -> Iterator[Makegood]:
    with makegood(MAKEGOOD_PROXIES=f"{PROXY}/32") as house:
        house.run("inbox", "add", "email", "--address", TO)
        house.start()
        yield house


@contextmanager
def connections(house: Makegood, count: int, source: str, content: str) -> Iterator[list[socket.socket]]:
    """So many at once, each of which has sent this."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, count + 500)), hard))
    with ExitStack() as held:
        lines = []
        for _ in range(count):
            lines.append(held.enter_context(socket.create_connection((PROXY, house.port), source_address=(source, 0))))
            lines[-1].sendall(content.encode())
        yield lines


def sign_in(house: Makegood, asker: str) -> httpx.Response:
    """Through the proxy."""
    with httpx.Client(base_url=house.url, headers={"X-Forwarded-For": asker}) as client:
        client.get("/accounts/login/")
        return client.post("/accounts/login/", data={"login": ADMIN, "password": PASSWORD, **token_of(client)})


def test_who_sends_slowly_keeps_no_other_from_sending(house: Makegood) -> None:
    with connections(house, 300, PROXY, f"{POST}X-Forwarded-For: 192.0.2.7\r\n\r\nnever more"):
        theirs = {"X-Forwarded-For": "192.0.2.7"}
        eventually(lambda: httpx.post(f"{house.url}/hooks/1", headers=theirs).status_code == 429)

        assert httpx.post(f"{house.url}/hooks/1", headers=theirs).text == rsgi.TOO_MANY_OF_YOU
        assert httpx.get(f"{house.url}/accounts/login/", headers=theirs).status_code == 200
        assert sign_in(house, "192.0.2.8").status_code == 302


def test_who_is_signed_in_works_on_also_beside_them(house: Makegood) -> None:
    client = house.signed_in()
    with connections(house, 300, PROXY, f"{POST}\r\nnever more"):
        eventually(lambda: httpx.post(f"{house.url}/hooks/1").status_code == 429)

        assert client.post("/settings/teams", data={"name": "Care", **token_of(client)}).status_code == 200
        large = {"Cookie": "makegood=made-up"}
        assert httpx.post(f"{house.url}/hooks/1", content=bytes(2 * 1024 * 1024), headers=large).status_code == 413


def test_many_who_send_slowly_are_too_many_at_last(house: Makegood) -> None:
    """And nobody is told that it is theirs. What an earlier test held is let go of meanwhile, so more are sent."""
    with ExitStack() as held:

        def is_too_much(number: int) -> bool:
            named = f"{POST}X-Forwarded-For: 198.51.100.{number}\r\n\r\nnever more"
            held.enter_context(connections(house, 32, PROXY, named))
            answer = httpx.post(f"{house.url}/hooks/1", headers={"X-Forwarded-For": "198.51.100.99"})
            return (answer.status_code, answer.text) == (503, rsgi.TOO_MANY)

        assert [is_too_much(number) for number in range(16)][-1]


@pytest.mark.alone
@pytest.mark.parametrize(
    "content",
    [
        "",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ",
        HEALTH,
        f"{POST}\r\n",
    ],
    ids=["silent", "half a head", "kept open", "half a body"],
)
def test_who_holds_all_connections_keeps_nobody_out(house: Makegood, content: str) -> None:
    with connections(house, 950, STRANGER, content) as lines:
        begin = time.monotonic()
        assert httpx.get(f"{house.url}/accounts/login/", timeout=60).status_code == 200

        assert time.monotonic() - begin < 8
        eventually(lambda: len([line for line in lines if not is_over(line)]) <= door.EACH)


def test_of_many_connections_the_silent_are_closed_and_those_that_listen_or_ask_stay(house: Makegood) -> None:
    client = house.signed_in()
    with client.stream("GET", "/stream") as stream, ExitStack() as held:
        heard = stream.iter_raw()
        next(heard)
        for number in range(8):  # of no place too many, together more than is calm
            held.enter_context(connections(house, 80, f"127.0.1.{number}", ""))
        (asking,) = held.enter_context(connections(house, 1, STRANGER, ""))
        last = held.enter_context(connections(house, 80, "127.0.1.9", ""))

        def ask() -> None:
            asking.sendall(HEALTH.encode())
            assert asking.recv(65536).startswith(b"HTTP/1.1 200")
            time.sleep(0.3)

        eventually(lambda: (ask(), all(map(is_over, last)))[1], 20)
        ask()
        assert b": beat\n\n" in heard


def is_over(line: socket.socket) -> bool:
    """Whether the other end has closed it."""
    line.setblocking(False)
    try:
        while line.recv(65536):
            pass
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def test_an_office_of_thirty_people_behind_one_address_has_room(house: Makegood) -> None:
    """Each with an open page, and all of them load one at once, with what belongs to it."""
    cookies = house.signed_in().cookies
    page = ["/conversations", "/conversations?view=mine", "/search?q=tent", "/settings/profile", "/rail"]

    async def work() -> list[int]:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=house.url, cookies=cookies, limits=limits, timeout=60) as client:
            streams = [client.stream("GET", "/stream") for _ in range(30)]
            answers = [await stream.__aenter__() for stream in streams]
            loaded = await asyncio.gather(*(client.get(address) for address in page for _ in range(30)))
            for stream in streams:
                await stream.__aexit__(None, None, None)
        return [answer.status_code for answer in [*answers, *loaded]]

    assert set(asyncio.run(work())) == {200}
