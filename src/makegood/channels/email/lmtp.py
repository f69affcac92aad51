"""Taking mail from a mail server by LMTP (RFC 2033) or SMTP, answered only when it is on the disk."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from functools import lru_cache

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import DatabaseError, connection

from makegood.channels.intake import Arriving, Gate, raw_of
from makegood.inboxes.addresses import without_plus
from makegood.inboxes.models import Inbox

log = logging.getLogger(__name__)
LARGEST = 100 * 1024 * 1024
KNOWN_SECONDS = 2.0
NULL = "<>"  # as aiosmtpd gives the sender whom no answer reaches


class _Long:
    """Real mail has lines of any length; refusing them would lose it."""

    line_length_limit = LARGEST


class LMTPServer(_Long, LMTP):
    """LMTP answers once for each recipient."""


class SMTPServer(_Long, SMTP):
    """SMTP answers once for all recipients."""


class Handler:
    """What aiosmtpd asks us, for one connection. 4xx: the sender keeps the mail and tries again; nothing is lost."""

    def __init__(self, gate: Gate, *, is_lmtp: bool) -> None:
        self._gate, self._is_lmtp = gate, is_lmtp
        self._inboxes: dict[str, Inbox] = {}

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        try:
            inbox = await asyncio.to_thread(_inbox_of_late, address, int(time.monotonic() / KNOWN_SECONDS))
        except DatabaseError:
            return "451 4.3.0 The database does not answer; try again later"
        except LookupError:
            return "550 5.1.1 No such inbox here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        self._inboxes[address] = inbox
        return "250 2.1.5 OK"

    async def handle_exception(self, error: Exception) -> str:
        log.error("a session of the intake failed; its mail was left with the sender", exc_info=error)
        return "451 4.3.0 Something failed here; try again later"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)  # decode_data is off
        raw, null = raw_of(content), envelope.mail_from == NULL
        futures = {
            address: asyncio.wrap_future(
                self._gate.hand_in(Arriving(self._inboxes[address], raw, has_null_sender=null))
            )
            for address in dict.fromkeys(envelope.rcpt_tos)
        }
        outcomes = dict(zip(futures, await asyncio.gather(*futures.values(), return_exceptions=True), strict=True))
        answers = [_answer(outcomes[address]) for address in envelope.rcpt_tos]
        if self._is_lmtp:
            return "\r\n".join(answers)
        return next((answer for answer in answers if not answer.startswith("250")), answers[0])


class Intake:
    """The listening server, in a thread and an event loop of its own."""

    def __init__(self, host: str, port: int, gate: Gate, *, is_lmtp: bool = True) -> None:
        self._loop = asyncio.new_event_loop()
        self._gate, self._is_lmtp = gate, is_lmtp
        self._server = self._loop.run_until_complete(self._loop.create_server(self._session, host, port, backlog=256))
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._run, name="lmtp", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take no new connections; those open are cut, and their senders try again."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _session(self) -> SMTP:
        kind = LMTPServer if self._is_lmtp else SMTPServer
        return kind(
            Handler(self._gate, is_lmtp=self._is_lmtp),
            loop=self._loop,
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            decode_data=False,
            ident="Makegood",
            timeout=300,
        )

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._server.close()
        connection.close()


def inbox_for(address: str) -> Inbox | None:
    """The inbox with this address, or else the one before its plus; last, one whose answers come back to it."""
    inboxes = list(Inbox.objects.filter(channel="email", is_active=True))
    named = {address: i for i in inboxes for address in i.addresses} | {i.address.lower(): i for i in inboxes}
    return named.get(address.lower()) or named.get(without_plus(address))


@lru_cache(maxsize=256)
def _inbox_of_late(address: str, period: int) -> Inbox:
    """The same, asked anew after two seconds; that there is none is not remembered, and raises LookupError."""
    try:
        inbox = inbox_for(address)
    except DatabaseError:
        connection.close()  # this thread's own; a broken one would answer nobody ever again
        raise
    if inbox is None:
        raise LookupError(address)
    return inbox


def _answer(outcome: int | BaseException) -> str:
    if isinstance(outcome, int):
        return "250 2.0.0 Stored"
    log.error("mail could not be stored and was left with its sender: %r", outcome)
    return "451 4.3.0 It could not be stored now; try again later"
