"""Where the mail servers of an address are, found out from the address alone; nothing is signed in to.

In order: a table of well-known providers, DNS (RFC 6186), the domain's own autoconfig file, and at last guesses,
which are offered and never tried with a password. What a stranger's DNS or file says, a person sees before it is saved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError, ParserCreate

from makegood.channels.email.connecting import Security
from makegood.channels.email.discovering_providers import BY_DOMAIN, BY_MX, Known
from makegood.channels.email.parsing.identity import is_same_or_below
from makegood.channels.http import NotFetched, client

if TYPE_CHECKING:
    import dns.resolver

DNS_SECONDS = 5.0
LARGEST = 1024 * 1024  # bytes of an autoconfig file
TABLE, DNS, AUTOCONFIG, GUESS = "table", "dns", "autoconfig", "guess"
SERVICES = {
    "imap": (("_imaps._tcp", Security.TLS), ("_imap._tcp", Security.STARTTLS)),
    "smtp": (("_submissions._tcp", Security.TLS), ("_submission._tcp", Security.STARTTLS)),
}
SOCKET_TYPES = {"SSL": Security.TLS, "STARTTLS": Security.STARTTLS}
GUESSES = {
    "imap": (("imap", "mail"), 993, Security.TLS),
    "smtp": (("smtp", "mail"), 587, Security.STARTTLS),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A server, how to reach it, and as whom."""

    host: str
    port: int
    security: Security
    user: str


@dataclass(frozen=True, slots=True)
class Found:
    """`source`: "table", "dns", "autoconfig", "guess", or "" when there is nothing. `sign_in` as in `Known`."""

    source: str = ""
    imap: Place | None = None
    smtp: Place | None = None
    sign_in: str = ""


def resolver() -> dns.resolver.Resolver:
    """The system's name servers, with a limit."""
    import dns.resolver  # slow import: a server that starts asks nobody yet

    try:
        found = dns.resolver.Resolver()
    except dns.exception.DNSException:  # no name servers are set up: every question is answered by nothing
        found = dns.resolver.Resolver(configure=False)
    found.lifetime = DNS_SECONDS
    return found


def discover(
    address: str, names: dns.resolver.Resolver | None = None, fetch: Callable[[str], bytes] | None = None
) -> Found:
    """The best that can be found; takes up to half a minute when everything is silent."""
    domain = _ascii(address.rpartition("@")[2])
    if not domain:
        return Found()
    asked = names or resolver()
    look = fetch or client(largest=LARGEST).get
    if known := BY_DOMAIN.get(domain) or _by_mx(domain, asked):
        return _of_known(known, address)
    return _by_dns(domain, address, asked) or _by_autoconfig(domain, address, look) or _guess(domain, address, asked)


def _ascii(domain: str) -> str:
    try:
        return domain.strip().rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        return ""


def _of_known(known: Known, address: str) -> Found:
    security = Security.TLS if known.smtp_port == 465 else Security.STARTTLS
    return Found(
        TABLE,
        Place(known.imap, 993, Security.TLS, address),
        Place(known.smtp, known.smtp_port, security, address),
        known.sign_in,
    )


def _by_mx(domain: str, names: dns.resolver.Resolver) -> Known | None:
    answers = sorted(_ask(names, domain, "MX"), key=lambda mx: mx.preference)
    for mx in answers:
        host = mx.exchange.to_text(omit_final_dot=True).lower()
        for suffix, known in BY_MX.items():
            if is_same_or_below(host, suffix):
                return known
    return None


def _by_dns(domain: str, address: str, names: dns.resolver.Resolver) -> Found | None:
    """RFC 6186 and RFC 8314: the lowest priority wins; a target of "." says that there is no such service."""
    places: dict[str, Place] = {}
    for side, services in SERVICES.items():
        for service, security in services:
            records = _ask(names, f"{service}.{domain}", "SRV")
            records = [record for record in records if record.target.to_text() != "."]
            if records:
                best = min(records, key=lambda record: (record.priority, -record.weight))
                host = best.target.to_text(omit_final_dot=True).lower()
                places[side] = Place(host, best.port, security, address)
                break
    return Found(DNS, places.get("imap"), places.get("smtp")) if "imap" in places else None


def _by_autoconfig(domain: str, address: str, fetch: Callable[[str], bytes]) -> Found | None:
    for url in (
        f"https://autoconfig.{domain}/mail/config-v1.1.xml",
        f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
    ):
        try:
            found = read_autoconfig(fetch(url), address)
        except NotFetched:
            continue
        if found is not None:
            return found
    return None


def read_autoconfig(content: bytes, address: str) -> Found | None:
    """The first encrypted IMAP and SMTP servers with a password that the file names; None for a file that is none."""
    reader = _Autoconfig()
    try:
        reader.read(content)
    except ExpatError:
        return None
    places = [(kind, _place(fields, address)) for kind, fields in reader.servers]
    imap = next((place for kind, place in places if kind == "imap" and place), None)
    smtp = next((place for kind, place in places if kind == "smtp" and place), None)
    return Found(AUTOCONFIG, imap, smtp) if imap else None


def _place(fields: dict[str, str], address: str) -> Place | None:
    local, _, domain = address.rpartition("@")
    user = fields.get("username", "%EMAILADDRESS%")
    for mark, value in (("%EMAILADDRESS%", address), ("%EMAILLOCALPART%", local), ("%EMAILDOMAIN%", domain)):
        user = user.replace(mark, value)
    host, port = fields.get("hostname", "").replace("%EMAILDOMAIN%", domain), fields.get("port", "")
    security = SOCKET_TYPES.get(fields.get("socketType", "").upper())
    by_password = fields.get("authentication", "password-cleartext") in {"password-cleartext", "plain"}
    if not host or not port.isdecimal() or not 0 < int(port[:6]) < 65536 or security is None or not by_password:
        return None
    return Place(host[:253].lower(), int(port), security, user[:320])


class _Autoconfig:
    """Reads the file's servers element by element. A document type (the way in for entities) makes it no such file."""

    WANTED = ("hostname", "port", "socketType", "username", "authentication")

    def __init__(self) -> None:
        self.servers: list[tuple[str, dict[str, str]]] = []
        self._fields: dict[str, str] | None = None
        self._open = ""

    def read(self, content: bytes) -> None:
        """Raises ExpatError."""
        parser = ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        parser.Parse(content, True)

    def _doctype(self, *_given: Any) -> None:
        raise ExpatError("a document type is not read")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name in {"incomingServer", "outgoingServer"} and len(self.servers) < 50:
            self._fields = {}
            self.servers.append((attributes.get("type", ""), self._fields))
        # The first of several ways to sign in counts.
        self._open = name if self._fields is not None and name in self.WANTED and name not in self._fields else ""

    def _end(self, name: str) -> None:
        if name in {"incomingServer", "outgoingServer"}:
            self._fields = None
        elif self._fields is not None and name == self._open:
            self._fields[name] = self._fields.get(name, "").strip()
        self._open = ""

    def _text(self, text: str) -> None:
        if self._open and self._fields is not None and len(self._fields.get(self._open, "")) < 1000:
            self._fields[self._open] = self._fields.get(self._open, "") + text


def _guess(domain: str, address: str, names: dns.resolver.Resolver) -> Found:
    """Names that exist, with the usual ports."""
    places: dict[str, Place] = {}
    for side, (labels, port, security) in GUESSES.items():
        for label in labels:
            host = f"{label}.{domain}"
            if _ask(names, host, "A") or _ask(names, host, "AAAA"):
                places[side] = Place(host, port, security, address)
                break
    return Found(GUESS, places.get("imap"), places.get("smtp")) if places else Found()


def _ask(names: dns.resolver.Resolver, name: str, kind: str) -> list[Any]:
    """The records, or none: also when the DNS is silent or broken."""
    from dns.exception import DNSException  # slow import

    try:
        return list(names.resolve(name, kind))
    except (DNSException, OSError):
        return []
