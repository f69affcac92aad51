"""A mail server between houses: takes mail by SMTP, hands it on by LMTP, or sends a bounce where there is no house."""

from __future__ import annotations

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import make_msgid

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.counterparts.sink import Caught, check

MACHINE_FIELDS = (b"auto-submitted:", b"x-auto-response-suppress:", b"in-reply-to:", b"references:")


@dataclass
class Relay:
    """`houses`: LMTP port by domain. `strips`: as a careless gateway, it loses what marks and threads a mail.

    `bounces`: every mail to another domain comes back, to whoever stands in From when the sender is null, as no mail
    server should do; "plainly" without anything that marks it as a bounce.
    """

    houses: dict[str, int] = field(default_factory=dict)
    strips: bool = False
    bounces: str = ""
    passed: list[Caught] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp+plain://127.0.0.1:{self.port}"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = bytes(envelope.original_content or b"")
        sender = (envelope.mail_from or "").removeprefix("<>")
        self.passed.append(Caught(sender, list(envelope.rcpt_tos), content))
        check(content)
        threading.Thread(target=self._hand_on, args=(self.passed[-1],), daemon=True).start()
        return "250 Stored"

    def _hand_on(self, mail: Caught) -> None:
        sender, content = (_from(mail), _stripped(mail.content)) if self.strips else (mail.sender, mail.content)
        for recipient in mail.recipients:
            port = self.houses.get(recipient.rpartition("@")[2])
            if port:
                self._by_lmtp(port, sender, recipient, content)
            elif self.bounces:
                self._bounce(mail, recipient)

    def _bounce(self, mail: Caught, recipient: str) -> None:
        back = mail.sender or _from(mail)
        plainly = self.bounces == "plainly"
        notice = EmailMessage()
        notice["From"] = recipient if plainly else "MAILER-DAEMON@relay.example"
        notice["To"], notice["Subject"] = back, "About your mail" if plainly else "Undelivered mail returned to sender"
        notice["Message-ID"] = make_msgid(domain="relay.example")
        notice.set_content(f"Your mail number {len(self.passed)} to {recipient} could not be delivered: 550 unknown.")
        self.passed.append(Caught("", [back], notice.as_bytes()))
        self._by_lmtp(self.houses[back.rpartition("@")[2]], recipient if plainly else "", back, notice.as_bytes())

    @staticmethod
    def _by_lmtp(port: int, sender: str, recipient: str, content: bytes) -> None:
        with smtplib.LMTP("127.0.0.1", port, timeout=20) as session:
            session.sendmail(sender, [recipient], content)


def _from(mail: Caught) -> str:
    return str(mail.mail["From"].addresses[0].addr_spec)


def _stripped(content: bytes) -> bytes:
    """Without the fields that say that a machine wrote it, and without those that name the letter it answers."""
    head, _, body = content.partition(b"\r\n\r\n")
    fields: list[bytes] = []
    for line in head.split(b"\r\n"):
        if line[:1] in b" \t" and fields:
            fields[-1] += b"\r\n" + line
        else:
            fields.append(line)
    kept = [line for line in fields if not line.lower().startswith(MACHINE_FIELDS)]
    return b"\r\n".join(kept) + b"\r\n\r\n" + body


@contextmanager
def relay() -> Iterator[Relay]:
    server = Relay()
    loop = asyncio.new_event_loop()
    listening = loop.run_until_complete(
        loop.create_server(lambda: SMTP(server, loop=loop, decode_data=False), "127.0.0.1", 0)
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
