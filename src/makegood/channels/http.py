"""The guarded HTTP client: asks only machines of the public internet, whatever a name or a redirect says.

A name is resolved once and the checked address is what we connect to, so a second answer of the DNS cannot lead us
into the own network. Ports 80 and 443, at most three redirects, ten seconds and 10 MiB in all, no proxies, no cookies.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import httpcore

SECONDS = 10.0
LARGEST = 10 * 1024 * 1024
REDIRECTS = 3
PORTS = frozenset({80, 443})
_KEPT = "%/:?@!$&'()*+,;=~-._[]|"  # of a path or query: what is not a letter or digit, and needs no other spelling
MOVED = frozenset({301, 302, 303, 307, 308})
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")  # RFC 8215: where the IPv4 address stands is each network's own
SITE_LOCAL = ipaddress.IPv6Network("fec0::/10")  # RFC 3879: deprecated, and still never global

NOBODYS: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = (
    ipaddress.IPv4Network("192.88.99.0/24"),  # RFC 7526: 6to4 relays, deprecated
    ipaddress.IPv4Network("192.31.196.0/24"),  # RFC 7535: AS112
    ipaddress.IPv4Network("192.175.48.0/24"),  # RFC 7534: AS112
    ipaddress.IPv4Network("168.63.129.16/32"),  # answers a machine within one of the large clouds, about itself
    ipaddress.IPv6Network("3fff::/20"),  # RFC 9637: documentation
)

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Iterable[str]]


class NotFetched(Exception):
    """It was not fetched, and why; for logs and tests, not for people."""


@cache
def _trusted() -> ssl.SSLContext:
    """Once for all: reading the authorities takes longer than many an answer."""
    return ssl.create_default_context()


def resolve(host: str, port: int) -> list[str]:
    """The system's answer; also reads decimal and octal spellings, as a connect would."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFetched(f"{host} is not known") from error
    return list(dict.fromkeys(str(address[0]) for *_rest, address in found))


def is_public(address: str) -> bool:
    """Whether this is a global unicast address, also behind the spellings that carry another address within."""
    try:
        ip: Ip = ipaddress.ip_address(address)
    except ValueError:  # with a zone, or no address at all
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in NAT64:
            return _is_global(ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF))
        if ip.sixtofour is not None:
            return _is_global(ip.sixtofour)
        if ip.ipv4_mapped is not None:
            return _is_global(ip.ipv4_mapped)
        if ip.teredo is not None or ip in SITE_LOCAL or ip in LOCAL_NAT64 or int(ip) >> 32 == 0:
            return False
    return _is_global(ip)


def _is_global(ip: Ip) -> bool:
    if any(ip in network for network in NOBODYS if network.version == ip.version):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)


@dataclass(frozen=True, slots=True)
class Client:
    """`resolve` gives a name's addresses; `allowed` are places of the own network that an administrator named."""

    resolve: Resolve = resolve
    allowed: frozenset[tuple[str, int]] = frozenset()
    ports: frozenset[int] = PORTS
    seconds: float = SECONDS
    largest: int = LARGEST
    context: ssl.SSLContext = field(default_factory=_trusted)

    def get(self, url: str) -> bytes:
        """The body of a 200. Everything else is NotFetched."""
        end = time.monotonic() + self.seconds
        for _redirect in range(REDIRECTS + 1):
            url = _spelled(url)
            status, body, location = self._ask("GET", url, None, {}, end)
            if status == 200:
                return body
            if status not in MOVED or not location:
                raise NotFetched(f"{url} answered {status}")
            url = self._followed(url, location)
        raise NotFetched(f"more than {REDIRECTS} redirects")

    def post(self, url: str, content: bytes, content_type: str) -> tuple[int, bytes]:
        """Status and body; a POST is never redirected, since it may carry secrets."""
        headers = {"Content-Type": content_type, "Accept": "application/json"}
        status, body, _location = self._ask("POST", url, content, headers, time.monotonic() + self.seconds)
        return status, body

    def _ask(
        self, method: str, url: str, content: bytes | None, headers: dict[str, str], end: float
    ) -> tuple[int, bytes, str]:
        self._check(url)
        backend = _Backend(self, end)
        sent = [*{"User-Agent": "Makegood", "Accept-Encoding": "identity", **headers}.items()]
        limits = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), self.seconds)}
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self.context, network_backend=backend, max_connections=1) as pool,
                pool.stream(method, url, headers=sent, content=content, extensions=limits) as answer,
            ):
                location = next((v for k, v in answer.headers if k.lower() == b"location"), b"")
                return answer.status, self._body(answer), location.decode("utf-8", "surrogateescape")
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
            raise NotFetched(f"{url}: {error}") from error

    def _body(self, answer: httpcore.Response) -> bytes:
        pieces, size = [], 0
        for piece in answer.iter_stream():
            size += len(piece)
            if size > self.largest:
                raise NotFetched(f"more than {self.largest} bytes")
            pieces.append(piece)
        return b"".join(pieces)

    def _check(self, url: str) -> None:
        """Only what we mean to speak: http or https, to a name, without a user."""
        try:
            parts = urlsplit(url)
            port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
        except ValueError as error:
            raise NotFetched("not an address") from error
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
            raise NotFetched(f"{parts.scheme}:// is not fetched")
        if port not in self.ports | {port for _address, port in self.allowed}:
            raise NotFetched(f"port {port} is not asked")

    def _followed(self, url: str, location: str) -> str:
        try:
            target = urljoin(url, location)
        except ValueError as error:
            raise NotFetched("it leads to no address") from error
        if url.startswith("https:") and not target.startswith("https:"):
            raise NotFetched("a redirect from https to http is not followed")
        return target

    def address_of(self, host: str, port: int) -> str:
        """The one address to connect to. A name that leads here and there at once is nobody's honest mistake."""
        found = list(self.resolve(host, port))
        named = [address for address in found if (address, port) in self.allowed]
        if named or (found and port in self.ports and all(map(is_public, found))):
            return (named or found)[0]
        raise NotFetched(f"{host} is not on the public internet")


def _spelled(url: str) -> str:
    """In the letters that a request may have (RFC 3986, 5890): people write blanks and umlauts, too. No fragment."""
    try:
        parts = urlsplit(url)
        place = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except ValueError as error:
        raise NotFetched("not an address") from error
    path, query = (quote(part, _KEPT, errors="surrogateescape") for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme, place, path, query, ""))


def client(largest: int = LARGEST, seconds: float = SECONDS) -> Client:
    """As the administrator allows: MAKEGOOD_HTTP_ALLOW is a list such as "10.0.0.5:443 [fd00::5]:8443".

    `largest`: bytes of an answer. `seconds`: for all of it.
    """
    places = os.environ.get("MAKEGOOD_HTTP_ALLOW", "").replace(",", " ").split()
    split = (place.rpartition(":") for place in places)
    allowed = frozenset((host.strip("[]"), int(port)) for host, _, port in split if port.isdecimal())
    return Client(allowed=allowed, largest=largest, seconds=seconds)


class _Backend(httpcore.NetworkBackend):
    """Connects to the checked address, and gives every operation only what is left of the time."""

    def __init__(self, client: Client, end: float) -> None:
        self._client, self._end = client, end
        self._sync = httpcore.SyncBackend()

    def connect_tcp(self, host: str, port: int, *_given: Any, **_named: Any) -> httpcore.NetworkStream:
        address = self._client.address_of(host, port)
        return _Hurried(self._sync.connect_tcp(address, port, timeout=_left(self._end)), self._end)


class _Hurried(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, end: float) -> None:
        self._stream, self._end = stream, end

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout=_left(self._end))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout=_left(self._end))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Hurried(self._stream.start_tls(ssl_context, server_hostname, timeout=_left(self._end)), self._end)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise NotFetched("it took too long")
    return left
