"""How an inbox reaches its servers: what is kept in `Inbox.settings` and `Inbox.secrets`, as typed values."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from makegood.errors import Refused
from makegood.inboxes.models import Inbox
from makegood.inboxes.sealing import unseal

SECONDS = 30.0


class Security(StrEnum):
    """TLS from the first byte, TLS after STARTTLS, or none (loopback and trusted networks only)."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Server:
    """Where and as whom. `sign_in`: "password" or "xoauth2" (then the password is an access token)."""

    host: str
    port: int
    security: Security
    user: str
    password: str
    sign_in: str = "password"

    def context(self) -> ssl.SSLContext:
        """Certificates are always checked, against the system's authorities."""
        return ssl.create_default_context()


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """Coming in. In trial mode nothing is changed on the server, not even read marks."""

    server: Server
    folders: tuple[str, ...] = ("INBOX",)
    sent_folder: str = ""
    poll_seconds: int = 60
    trial: bool = False

    @classmethod
    def of(cls, inbox: Inbox) -> ImapSettings | None:
        """None when mail comes in another way (LMTP, pipe)."""
        kept = inbox.settings.get("imap")
        if not kept:
            return None
        return cls(
            server=_server(kept, unseal(inbox).get("imap_password", "")),
            folders=tuple(kept.get("folders") or ["INBOX"]),
            sent_folder=kept.get("sent_folder", ""),
            poll_seconds=int(kept.get("poll_seconds") or 60),
            trial=bool(kept.get("trial")),
        )


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Going out. `hello`: the name we greet with."""

    server: Server
    hello: str = ""

    @classmethod
    def of(cls, inbox: Inbox) -> SmtpSettings:
        """Refuses, for people, when the inbox cannot send yet."""
        kept = inbox.settings.get("smtp")
        if not kept:
            raise Refused(f"{inbox.address} has no server for going out yet. Enter it in the inbox's settings.")
        return cls(
            server=_server(kept, unseal(inbox).get("smtp_password", "")),
            hello=inbox.address.rpartition("@")[2],
        )


def _server(kept: dict[str, str], password: str) -> Server:
    return Server(
        host=kept["host"],
        port=int(kept["port"]),
        security=Security(kept["security"]),
        user=kept.get("user", ""),
        password=password,
        sign_in=kept.get("sign_in", "password"),
    )


SCHEMES = {
    "imaps": (Security.TLS, 993),
    "imap": (Security.STARTTLS, 143),
    "smtps": (Security.TLS, 465),
    "smtp": (Security.STARTTLS, 587),
}


def from_url(url: str) -> tuple[dict[str, object], str]:
    """imaps://user:password@host:port, or smtp+plain://…: what to keep, and the password if the address holds one."""
    parts = urlsplit(url)
    scheme, _, manner = parts.scheme.partition("+")
    if scheme not in SCHEMES or not parts.hostname or manner not in {"", "plain"}:
        raise Refused(
            f"{parts.scheme}:// is no mail server. Use imaps://user@host or smtps://user@host (or imap, smtp)."
        )
    security, port = SCHEMES[scheme]
    try:
        port = parts.port or port
    except ValueError as error:
        raise Refused(f"The port in {url.partition('://')[0]}://… is not a number.") from error
    kept: dict[str, object] = {
        "host": parts.hostname,
        "port": port,
        "security": str(Security.NONE if manner == "plain" else security),
        "user": unquote(parts.username or ""),
    }
    return kept, unquote(parts.password or "")
