"""An SMTP server that keeps what it gets, and refuses, delays, drops or resets when it is told to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Caught:
    sender: str
    recipients: list[str]
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        """Parsed, for looking at headers."""
        parsed = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class Sink:
    """`refuse`: answers to RCPT by address; `at_data`: one after DATA; `drop_after_dot`: keep it and say nothing."""

    caught: list[Caught] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    at_data: str = ""
    drop_after_dot: int = 0
    drop_before_data: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp+plain://127.0.0.1:{self.port}"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        if self.drop_before_data:
            self.drop_before_data -= 1
            server.transport.abort()
            return "250 OK"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.at_data:
            return self.at_data
        sender = (envelope.mail_from or "").removeprefix("<>")
        self.caught.append(Caught(sender, list(envelope.rcpt_tos), bytes(envelope.original_content)))
        check(self.caught[-1].content)
        if self.drop_after_dot:
            self.drop_after_dot -= 1
            server.transport.abort()
        return "250 Stored"


def check(content: bytes) -> None:
    """Holds for every mail that is caught in any test (RFC 5322, 2.1.1 and 2.2)."""
    assert b"\n" not in content.replace(b"\r\n", b""), "a bare LF"
    assert b"\r" not in content.replace(b"\r\n", b""), "a bare CR"
    assert all(len(line) <= 998 for line in content.split(b"\r\n")), "a line longer than 998"
    head = content.partition(b"\r\n\r\n")[0]
    assert head.isascii(), "8-bit in the headers"
    assert b"\x00" not in content, "NUL"
    assert b"\nbcc:" not in head.lower(), "Bcc as a header"


@contextmanager
def sink(server: Sink | None = None) -> Iterator[Sink]:
    """It, or one of its own, listens on a free port."""
    server = server or Sink()
    loop = asyncio.new_event_loop()
    listening = loop.run_until_complete(
        loop.create_server(lambda: SMTP(server, loop=loop, decode_data=False, enable_SMTPUTF8=False), "127.0.0.1", 0)
    )
    server.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        listening.close()
