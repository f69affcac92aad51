"""Mail servers on loopback that do exactly what a test says: take mail after a sign-in, refuse, or keep silent."""

from __future__ import annotations

import asyncio
import base64
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Post:
    """An SMTP server; without a `user` or a `token` it offers no sign-in.

    What it takes goes to `deliver`; `rcpt` answers recipients other than our own domain's.
    """

    user: str = ""
    password: str = ""
    deliver: Callable[[bytes], None] = field(default=lambda _content: None)
    rcpt: str = "250 OK"
    mail: str = "250 OK"
    token: str = ""
    port: int = 0
    seen: list[bytes] = field(default_factory=list)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.mail

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not address.endswith("@quillfeather.example") and not self.rcpt.startswith("250"):
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = bytes(envelope.original_content or b"")
        self.seen.append(content)
        await asyncio.to_thread(self.deliver, content)
        return "250 Stored"

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        wanted = f"user={self.user}\x01auth=Bearer {self.token}\x01\x01"
        given = base64.b64decode(args[1]).decode() if len(args) > 1 else ""
        return AuthResult(success=bool(self.token) and given == wanted, handled=False)

    def check(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        given = (data.login.decode(), data.password.decode()) if isinstance(data, LoginPassword) else None
        return AuthResult(success=given == (self.user, self.password), handled=False)


@contextmanager
def post(certificate: Path | None = None, *, at_once: bool = False, **settings: object) -> Iterator[Post]:
    """With a certificate: STARTTLS, or TLS from the first byte."""
    handler = Post(**settings)  # type: ignore[arg-type]
    context = _context(certificate) if certificate else None
    loop = asyncio.new_event_loop()

    def session() -> SMTP:
        return SMTP(
            handler, loop=loop, hostname="post.example", tls_context=None if at_once else context,
            authenticator=handler.check if handler.user else None, auth_require_tls=False,
            auth_exclude_mechanism=[] if handler.user or handler.token else ["LOGIN", "PLAIN", "XOAUTH2"],
        )  # fmt: skip

    made = loop.create_server(session, "127.0.0.1", 0, ssl=context if at_once else None)
    listening = loop.run_until_complete(made)
    handler.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield handler
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        listening.close()


@contextmanager
def speaking(greeting: bytes = b"", certificate: Path | None = None) -> Iterator[int]:
    """A port that says one thing, or nothing, and then listens for ever. With a certificate it does so in TLS."""
    listener = socket.create_server(("127.0.0.1", 0))
    context = _context(certificate) if certificate else None
    held: list[socket.socket] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                held.append(connection)
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

    def talk(connection: socket.socket) -> None:
        with suppress(OSError):
            if context:
                connection = context.wrap_socket(connection, server_side=True)
            connection.sendall(greeting)
            while connection.recv(1000):
                pass

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        for connection in held:
            connection.close()


def _context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@contextmanager
def talking(said: bytes, *, after: bytes = b"", seconds: float = 0.0) -> Iterator[int]:
    """A server that answers each line, and says the same for ever from the line `after` on."""
    listening = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        line, _ = listening.accept()
        with line, suppress(OSError):
            line.sendall(b"220 here\r\n" if after else b"")
            is_content = False
            for heard in line.makefile("rb") if after else ():
                if heard.startswith(after):
                    break
                if not is_content:
                    is_content = heard.lower().startswith(b"data")
                    line.sendall(b"354 go\r\n" if is_content else b"250 ok\r\n")
            while True:
                line.sendall(said)
                time.sleep(seconds)

    threading.Thread(target=talk, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()
