"""One port: the event stream on granian's loop, everything else by Django's WSGI handler in a pool of threads.

Measured for this choice (dependencies.md): sync views cost about 40 % less CPU this way than on ASGI.

What waits for servers of others has threads of its own, so that pages never wait for them.
"""

from __future__ import annotations

import asyncio
import io
import ipaddress
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
from makegood.project.listeners import listener

IN_MEMORY = 256 * 1024
LARGEST = 110 * 1024 * 1024
SMALL = 64 * 1024  # what anybody may send at any time, with a cookie or without
TOO_LARGE = "This is larger than may be sent here."
TOO_MANY = "Too much is being sent here at once. Please try again in a minute."
WAITS_FOR_OTHERS = "/remote-images/"
BUILT = Path(web.__file__).parent / "static" / "built"
Headers = list[tuple[str, str]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(slots=True)
class Senders:
    """Those whose bodies are being received: each of at most so many bytes within so many seconds."""

    most: int
    seconds: float
    at_once: int
    now: int = 0


class Application:
    """What granian calls for each request."""

    def __init__(self, wsgi: Wsgi, hub: Hub, threads: int = 4) -> None:
        self._wsgi, self._hub = wsgi, hub
        self._people = Senders(LARGEST, 300.0, 64)  # who is signed in: no stranger can take their places
        self._strangers = Senders(1024 * 1024, 60.0, 256)
        self._pages = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self._others = ThreadPoolExecutor(threads, thread_name_prefix="others")

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        if scope.proto != "http":
            protocol.close(403)
        elif scope.path == "/stream":
            await stream.answer(self._hub, scope, protocol, listener)
        else:
            await self._page(scope, protocol)

    async def _page(self, scope: Any, protocol: Any) -> None:
        if scope.method in {"GET", "HEAD"}:  # whatever comes with them is not read, so they take nobody's place
            await self._answer(scope, protocol, io.BytesIO(), 0)
            return
        sends = await self._senders(scope)
        declared = scope.headers.get("content-length") or "0"
        if not declared.isdecimal() or int(declared) > sends.most:
            _refuse(protocol, 413, TOO_LARGE)
        elif sends.now >= sends.at_once:
            _refuse(protocol, 503, TOO_MANY)
        else:
            sends.now += 1
            try:
                await self._receive(scope, protocol, sends)
            finally:
                sends.now -= 1

    async def _senders(self, scope: Any) -> Senders:
        """Anybody can send a cookie: where it matters, it is looked up whose it is."""
        headers = scope.headers
        declared = headers.get("content-length") or ""
        is_small = declared.isdecimal() and int(declared) <= SMALL
        cookie = headers.get("cookie") or ""
        if settings.SESSION_COOKIE_NAME not in cookie or (is_small and self._strangers.now < self._strangers.at_once):
            return self._strangers
        try:
            return self._people if await listener(cookie) else self._strangers
        except DatabaseError:  # whose it is, nobody can say now; the page tells so, and keeps what was typed
            return self._people

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
        loop = asyncio.get_running_loop()
        pool = self._others if scope.path.startswith(WAITS_FOR_OTHERS) else self._pages
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
        while (piece := await loop.run_in_executor(self._pages, next, pieces, None)) is not None:
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
    _believe_proxy(environ, scope.client.rpartition(":")[0].strip("[]"))
    return environ


def _believe_proxy(environ: dict[str, Any], client: str) -> None:
    forwarded = {name: environ.pop(f"HTTP_X_FORWARDED_{name}", "") for name in ("FOR", "PROTO", "HOST")}
    environ["REMOTE_ADDR"] = client
    if not _is_trusted(client):
        return
    if forwarded["FOR"]:
        # The last address that is not one of our proxies: what stands before it, anybody may have written.
        hops = [hop.strip() for hop in forwarded["FOR"].split(",")]
        environ["REMOTE_ADDR"] = next((hop for hop in reversed(hops) if not _is_trusted(hop)), hops[0])
    if forwarded["PROTO"] in {"http", "https"}:
        environ["wsgi.url_scheme"] = forwarded["PROTO"]
    if forwarded["HOST"]:
        environ["HTTP_HOST"] = forwarded["HOST"]


def _is_trusted(client: str) -> bool:
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES)
