"""Who asks: the address behind a connection, or behind a named proxy, and how many requests of one are in hand.

Nobody's requests may keep others waiting. What is told apart is a *place*: an IPv4 address, or the /64 that one IPv6
customer is given.
"""

from __future__ import annotations

import asyncio
import ipaddress
import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings

REMEMBERED = 4096  # connections; far more than have a request between two looks at the door


@dataclass(slots=True)
class Hands:
    """What is in hand, in all and of each asker, and how much of it there may be."""

    at_once: float = math.inf
    each: float = math.inf
    _of: Counter[Hashable] = field(default_factory=Counter)

    def has_room(self) -> bool:
        """In all."""
        return self._of.total() < self.at_once

    def has_room_for(self, asker: Hashable) -> bool:
        """Of this asker."""
        return self._of[asker] < self.each

    @contextmanager
    def holding(self, asker: Hashable) -> Iterator[None]:
        """One more of this asker."""
        self._of[asker] += 1
        try:
            yield
        finally:
            self._of[asker] -= 1
            if not self._of[asker]:
                del self._of[asker]

    def __contains__(self, asker: object) -> bool:
        return self._of[asker] > 0


@dataclass(slots=True)
class Busy(Hands):
    """Connections with a request in hand; of the latest ones it is known when they last had one."""

    last: dict[Hashable, float] = field(default_factory=dict)

    @contextmanager
    def holding(self, asker: Hashable) -> Iterator[None]:
        """One more of this connection."""
        try:
            with Hands.holding(self, asker):
                yield
        finally:
            self.last.pop(asker, None)  # so that the oldest come first
            self.last[asker] = time.monotonic()
            if len(self.last) > REMEMBERED:
                del self.last[next(iter(self.last))]


@dataclass(slots=True)
class Turns:
    """So many of each asker at once; what is more waits for its turn, and with it nobody else's."""

    each: int
    _lines: dict[Hashable, asyncio.Semaphore] = field(default_factory=dict)
    _waiting: Hands = field(default_factory=Hands)

    @asynccontextmanager
    async def turn(self, asker: Hashable) -> AsyncIterator[None]:
        """Begins when it comes."""
        line = self._lines.setdefault(asker, asyncio.Semaphore(self.each))
        try:
            with self._waiting.holding(asker):
                async with line:
                    yield
        finally:
            if asker not in self._waiting:
                self._lines.pop(asker, None)


def connection_of(client: str) -> tuple[str, int]:
    """Address and port of "192.0.2.7:4000" or "[2001:db8::7]:4000"."""
    host, _, port = client.rpartition(":")
    return plain(host.strip("[]")), int(port) if port.isdecimal() else 0


def asker_of(client: str, forwarded: list[str]) -> str:
    """The address that asks. What X-Forwarded-For says counts only when it comes from a named proxy."""
    host, _port = connection_of(client)
    if not is_trusted(host) or not forwarded:
        return host
    # The last address that is not one of our proxies: what stands before it, anybody may have written.
    hops = [plain(hop.strip()) for hop in ",".join(forwarded).split(",")]
    return next((hop for hop in reversed(hops) if not is_trusted(hop)), hops[0])


def place_of_scope(scope: Any) -> str:
    """Of the asker of a request."""
    return place_of(asker_of(scope.client, scope.headers.get_all("x-forwarded-for")))


@lru_cache(maxsize=1024)
def place_of(address: str) -> str:
    """An IPv4 address, the /64 of an IPv6 address, or what is none as it stands."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ip) if ip.version == 4 else str(ipaddress.ip_network((ip, 64), strict=False))


@lru_cache(maxsize=1024)
def plain(address: str) -> str:
    """An IPv4 address that came to an IPv6 socket is an IPv4 address."""
    try:
        mapped = ipaddress.IPv6Address(address).ipv4_mapped
    except ValueError:
        return address
    return str(mapped) if mapped else address


def is_trusted(address: str) -> bool:
    """Whether it belongs to a proxy that the administrator named."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in ipaddress.ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES)
