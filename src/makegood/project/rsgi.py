"""One port: the event stream on granian's loop, everything else by Django's WSGI handler in a pool of threads.

Measured for this choice (dependencies.md): sync views cost about 40 % less CPU this way than on ASGI.

What waits for servers of others has threads of its own, so that pages never wait for them.
"""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allauth import account, mfa
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError

from makegood import web
from makegood.live import stream
from makegood.live.hub import Hub
from makegood.live.stream import Person
from makegood.project.askers import Busy, Hands, Turns, asker_of, connection_of, is_trusted, place_of_scope
from makegood.project.listeners import listener

IN_MEMORY = 256 * 1024
LARGEST = 110 * 1024 * 1024
SMALL = 64 * 1024  # what anybody may send at any time, with a cookie or without
TOO_LARGE = "This is larger than may be sent here."
TOO_MANY = "Too much is being sent here at once. Please try again in a minute."
TOO_MANY_OF_YOU = "Too much is coming from your address at once. Please try again in a minute."
# Requests in hand of one place. Thirty people behind one address, each with the six that a browser sends to one host
# at once (HTTP/1.1), and some; and the fifty images of a mail for ten of them at once.
PAGES_EACH, OTHERS_EACH = 200, 500
WAITS_FOR_OTHERS = "/remote-images/"
BUILT = Path(web.__file__).parent / "static" / "built"
Headers = list[tuple[str, str]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Senders:
    """Those whose bodies are being received: each body of at most so many bytes within so many seconds."""

    most: int
    seconds: float
    hands: Hands


class Application:
    """What granian calls for each request."""

    def __init__(self, wsgi: Wsgi, hub: Hub, threads: int = 4) -> None:
        self._wsgi, self._hub = wsgi, hub
        self.busy = Busy()
        self._in_hand = {pool: Hands(each=each) for pool, each in (("page", PAGES_EACH), ("others", OTHERS_EACH))}
        # Who is signed in: no stranger can take their places, and no colleague all of them.
        self._people = Senders(LARGEST, 300.0, Hands(64, each=16))
        # One place has an eighth: many more are no person's, and eight places at once are no accident.
        self._strangers = Senders(1024 * 1024, 60.0, Hands(256, each=32))
        # What waits for servers of others: of each browser two at once, so that a second and a third find room.
        self._pools = {"page": ThreadPoolExecutor(threads), "others": ThreadPoolExecutor(threads + 2)}
        self._turns = Turns(2)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        if scope.proto != "http":
            protocol.close(403)
            return
        place, hands = place_of_scope(scope), self._in_hand[_pool_of(scope)]
        if not hands.has_room_for(place):
            _refuse(protocol, 429, TOO_MANY_OF_YOU)
            return
        with self.busy.holding(connection_of(scope.client)):
            if scope.path == "/stream":

                async def who(cookie: str) -> Person | None:
                    with hands.holding(place):  # once it is known who listens, an open page is nothing in hand
                        return await listener(cookie)

                await stream.answer(self._hub, scope, protocol, who)
                return
            with hands.holding(place):
                await self._page(scope, protocol, place)

    async def _page(self, scope: Any, protocol: Any, place: str) -> None:
        if scope.method in {"GET", "HEAD"}:  # whatever comes with them is not read, so they take nobody's place
            await self._answer(scope, protocol, io.BytesIO(), 0)
            return
        sends, sender = await self._sender(scope, place)
        declared = scope.headers.get("content-length") or "0"
        if not declared.isdecimal() or int(declared) > sends.most:
            _refuse(protocol, 413, TOO_LARGE)
        elif not sends.hands.has_room_for(sender):
            _refuse(protocol, 429, TOO_MANY_OF_YOU)
        elif not sends.hands.has_room():
            _refuse(protocol, 503, TOO_MANY)
        else:
            with sends.hands.holding(sender):
                await self._receive(scope, protocol, sends)

    async def _sender(self, scope: Any, place: str) -> tuple[Senders, str | int]:
        """Anybody can send a cookie: where it matters, it is looked up whose it is."""
        headers = scope.headers
        declared, hands = headers.get("content-length") or "", self._strangers.hands
        is_small = declared.isdecimal() and int(declared) <= SMALL
        cookie = headers.get("cookie") or ""
        has_room = hands.has_room() and hands.has_room_for(place)
        if settings.SESSION_COOKIE_NAME not in cookie or (is_small and has_room):
            return self._strangers, place
        try:
            person = await listener(cookie)
        except DatabaseError:  # whose it is, nobody can say now; the page tells so, and keeps what was typed
            return self._people, place
        return (self._people, person.agent_id) if person else (self._strangers, place)

    async def _receive(self, scope: Any, protocol: Any, sends: Senders) -> None:
        with tempfile.SpooledTemporaryFile(IN_MEMORY, dir=settings.FILE_UPLOAD_TEMP_DIR) as body:
            try:
                size = await asyncio.wait_for(_read_body(protocol, body, sends.most), sends.seconds)
            except TimeoutError:
                size = sends.most + 1
            if size > sends.most:
                _refuse(protocol, 413, TOO_LARGE)
                return
            await self._answer(scope, protocol, body, size)

    async def _answer(self, scope: Any, protocol: Any, body: Any, size: int) -> None:
        if _pool_of(scope) == "others":
            async with self._turns.turn(scope.headers.get("cookie") or place_of_scope(scope)):
                await self._answer_by("others", scope, protocol, body, size)
        else:
            await self._answer_by("page", scope, protocol, body, size)

    async def _answer_by(self, pool_name: str, scope: Any, protocol: Any, body: Any, size: int) -> None:
        loop, pool = asyncio.get_running_loop(), self._pools[pool_name]
        status, headers, pieces, close = await loop.run_in_executor(pool, self._call, _environ(scope, body, size))
        try:
            await self._send(protocol, status, headers, pieces)
        finally:
            await loop.run_in_executor(pool, close)

    def _call(self, environ: dict[str, Any]) -> tuple[int, Headers, Any, Callable[[], None]]:
        started: list[Any] = []

        def start_response(status: str, headers: Headers, exc_info: object = None) -> None:
            started[:] = [int(status[:3]), [(name.lower(), value) for name, value in headers]]

        answer = self._wsgi(environ, start_response)
        close = getattr(answer, "close", lambda: None)
        is_streaming = getattr(answer, "streaming", False) or not hasattr(answer, "content")
        pieces = iter(answer) if is_streaming else b"".join(answer)
        return started[0], started[1], pieces, close

    async def _send(self, protocol: Any, status: int, headers: Headers, pieces: Any) -> None:
        if isinstance(pieces, bytes):
            protocol.response_bytes(status, headers, pieces)
            return
        transport = protocol.response_stream(status, headers)
        loop = asyncio.get_running_loop()
        while (piece := await loop.run_in_executor(self._pools["page"], next, pieces, None)) is not None:
            try:
                await transport.send_bytes(piece)
            except RuntimeError:  # granian: the client went away
                return


def application(hub: Hub) -> Application:
    """Django behind WhiteNoise, which serves the built assets."""
    from whitenoise import WhiteNoise  # slow import

    static = WhiteNoise(WSGIHandler(), max_age=3600, immutable_file_test=lambda path, url: "/built/" in url)
    static.add_files(str(BUILT), prefix="static/built/")
    for package in (account, mfa):  # the sign-in pages' own scripts
        static.add_files(str(Path(package.__file__).parent / "static"), prefix="static/")
    return Application(static, hub)


def _pool_of(scope: Any) -> str:
    return "others" if scope.path.startswith(WAITS_FOR_OTHERS) else "page"


def _refuse(protocol: Any, status: int, sentence: str) -> None:
    protocol.response_str(status, [("content-type", "text/plain")], sentence)


async def _read_body(protocol: Any, body: Any, most: int) -> int:
    size = 0
    async for piece in protocol:
        size += len(piece)
        if size > most:
            break
        body.write(piece)
    body.seek(0)
    return size


def _environ(scope: Any, body: Any, size: int) -> dict[str, Any]:
    """A WSGI environ (PEP 3333). Forwarded headers count only when they come from a named proxy."""
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "CONTENT_LENGTH": str(size),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body if size else io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:  # "x_forwarded_for" would become the same key as the proxy's own "X-Forwarded-For"
            continue
        key = name.upper().replace("-", "_")
        if key in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            environ.setdefault(key, value) if key == "CONTENT_LENGTH" else environ.update({key: value})
        else:
            # HTTP/2 clients may send cookies in several fields (RFC 9113, 8.2.3).
            key, joint = f"HTTP_{key}", "; " if key == "COOKIE" else ","
            environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    if scope.authority and "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority
    _believe_proxy(environ, scope.client)
    return environ


def _believe_proxy(environ: dict[str, Any], client: str) -> None:
    forwarded = {name: environ.pop(f"HTTP_X_FORWARDED_{name}", "") for name in ("FOR", "PROTO", "HOST")}
    environ["REMOTE_ADDR"] = asker_of(client, [forwarded["FOR"]] if forwarded["FOR"] else [])
    if not is_trusted(connection_of(client)[0]):
        return
    if forwarded["PROTO"] in {"http", "https"}:
        environ["wsgi.url_scheme"] = forwarded["PROTO"]
    if forwarded["HOST"]:
        environ["HTTP_HOST"] = forwarded["HOST"]
