"""`/stream`: server-sent events (WHATWG HTML, 9.2) on granian's event loop; no thread is held while a page listens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from makegood.live.hub import END, Hub, Stream

BEAT_SECONDS = 15.0
HEADERS = [
    ("content-type", "text/event-stream"),
    ("cache-control", "no-store"),
    ("x-accel-buffering", "no"),
    ("x-content-type-options", "nosniff"),
    ("content-security-policy", "default-src 'none'"),
    ("referrer-policy", "same-origin"),
]


@dataclass(frozen=True, slots=True)
class Person:
    """Who listens: a signed-in agent's open page."""

    agent_id: int
    session_key: str
    scopes: Iterable[int]


async def answer(hub: Hub, scope: Any, protocol: Any, who: Callable[[str], Awaitable[Person | None]]) -> None:
    """Serve one stream until the page leaves, the session ends or the server stops."""
    person = await who("; ".join(scope.headers.get_all("cookie")))
    if person is None:
        protocol.response_empty(403, [("cache-control", "no-store")])
        return
    stream = Stream(person.agent_id, person.session_key, frozenset(person.scopes), asyncio.get_running_loop())
    transport = protocol.response_stream(200, HEADERS)
    gone = asyncio.ensure_future(protocol.client_disconnect())
    try:
        await transport.send_bytes(b": hello\nretry: 2000\n\n")
        asked = parse_qs(scope.query_string).get("last_event_id", [""])[0]
        last_seen = scope.headers.get("last-event-id") or asked
        is_id = last_seen.isdecimal() and len(last_seen) < 19
        await asyncio.to_thread(hub.open, stream, int(last_seen) if is_id else None)
        await _pump(stream, transport, gone)
    finally:
        gone.cancel()
        hub.close(stream)


async def _pump(stream: Stream, transport: Any, gone: asyncio.Future[None]) -> None:
    while not gone.done():
        try:
            piece = await asyncio.wait_for(stream.queue.get(), BEAT_SECONDS)
        except TimeoutError:
            piece = b": beat\n\n"
        if piece == END:
            return
        try:
            await transport.send_bytes(piece)
        except RuntimeError:  # granian: the client closed the connection
            return
