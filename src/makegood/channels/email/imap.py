"""One folder of a mail server: connecting, what is new in it, and waiting for more (RFC 3501, RFC 2177)."""

from __future__ import annotations

import calendar
import imaplib
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BufferedReader
from types import TracebackType
from typing import cast

from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError

from makegood.channels.email.connecting import SECONDS, Security, Server
from makegood.channels.email.session import hung_up_after
from makegood.channels.email.wording import plain_words
from makegood.channels.errors import SourceFailed
from makegood.clock.now import now

JOB_SECONDS = 900.0  # of a job that asks a server: there are few threads for all of them
BATCH_MESSAGES = 25
BATCH_BYTES = 20 * 1024 * 1024
FETCHED = re.compile(rb"UID (\d+)")
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
WIRE_ERRORS = (OSError, ssl.SSLError, imaplib.IMAP4.error, ImapToolsError)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Fetched:
    """One message: its UID, when the server got it (INTERNALDATE), and its bytes."""

    uid: int
    internal_date: datetime
    content: bytes


@dataclass(frozen=True, slots=True)
class FolderState:
    """What the server says when a folder is opened."""

    uidvalidity: int
    uidnext: int
    messages: int


class Folder:
    """An open folder, read-only unless `writable`. Every wire error comes out as SourceFailed."""

    def __init__(self, server: Server, name: str, *, writable: bool = False, seconds: float | None = None) -> None:
        """`seconds`: for all of it; whoever listens has a thread of its own and none."""
        self._server, self._name, self._writable, self._seconds = server, name, writable, seconds
        self._box: BaseMailBox | None = None
        self._messages = 0  # when it was last asked for its state

    def __enter__(self) -> Folder:
        try:
            self._box = connect(self._server, self._seconds)
            self._box.folder.set(self._name, readonly=not self._writable)
        except WIRE_ERRORS as error:
            self.close()
            raise SourceFailed(explain(self._server, error)) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if isinstance(error, WIRE_ERRORS):
            raise SourceFailed(explain(self._server, error)) from error

    def close(self) -> None:
        """Hang up."""
        if self._box is not None:
            with suppress(*WIRE_ERRORS):
                self._box.logout()
            with suppress(OSError):
                self._box.client.shutdown()
            self._box = None

    def state(self) -> FolderState:
        """UIDVALIDITY, UIDNEXT and the number of messages."""
        status = self._open.folder.status(self._name, ["UIDVALIDITY", "UIDNEXT", "MESSAGES"])
        self._messages = status["MESSAGES"]
        return FolderState(status["UIDVALIDITY"], status["UIDNEXT"], status["MESSAGES"])

    def uids(self, above: int, until: int | None = None, since: date | None = None) -> list[int]:
        """UIDs in (above, until], rising; with `since`, of messages the server got on that day or later."""
        criteria = f"UID {above + 1}:{until if until is not None else '*'}"
        if since is not None:
            criteria += f" SINCE {since.day}-{MONTHS[since.month - 1]}-{since.year}"
        found = [int(uid) for uid in self._open.uids(criteria, charset=None)]
        # "5:*" also names the last message when its UID is below 5 (RFC 3501, 6.4.8).
        return sorted(uid for uid in found if uid > above)

    def fetch(self, uids: list[int]) -> Iterator[list[Fetched]]:
        """The messages in batches of up to 25 or 20 MiB; read marks are not touched (BODY.PEEK)."""
        for group in self._groups(uids):
            if batch := sorted(self._fetch(group), key=lambda message: message.uid):  # unless all have vanished
                yield batch

    def mark_seen(self, uids: list[int]) -> None:
        """Only after the messages are stored."""
        self._open.flag([str(uid) for uid in uids], "\\Seen", True)

    def append(self, content: bytes) -> None:
        """Put a copy into this folder, seen."""
        self._open.append(content, self._name, dt=None, flag_set=["\\Seen"])

    def wait(self, seconds: float) -> bool:
        """Until the server says that something changed (IDLE, RFC 2177), or the time is up; False also without IDLE.

        What changed since `state` counts, too. The server has told it by now with another answer, or tells it as IDLE
        begins: that line is read together with the first one, and a poll of the socket would not see it.
        """
        if not self.idles or self._has_grown():
            return self.idles
        with self._open.idle as idle:
            return self._has_more_to_read() or bool(idle.poll(timeout=seconds))

    @property
    def idles(self) -> bool:
        """Whether the server can tell us of new mail by itself."""
        return "IDLE" in self._open.client.capabilities

    def _has_grown(self) -> bool:
        told = self._open.client.untagged_responses.pop("EXISTS", [])
        return bool(told) and int(cast("bytes", told[-1])) > self._messages

    def _has_more_to_read(self) -> bool:
        """Without waiting for it."""
        client = self._open.client
        before = client.sock.gettimeout()
        client.sock.settimeout(0)
        try:
            return bool(cast("BufferedReader", client.file).peek(1))
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        finally:
            client.sock.settimeout(before)

    @property
    def _open(self) -> BaseMailBox:
        assert self._box is not None, "the folder is not open"
        return self._box

    def _groups(self, uids: list[int]) -> Iterator[list[int]]:
        group: list[int] = []
        size = 0
        sizes = self._sizes(uids)
        for uid in uids:
            if group and (len(group) == BATCH_MESSAGES or size + sizes.get(uid, 0) > BATCH_BYTES):
                yield group
                group, size = [], 0
            group.append(uid)
            size += sizes.get(uid, 0)
        if group:
            yield group

    def _sizes(self, uids: list[int]) -> dict[int, int]:
        sizes: dict[int, int] = {}
        for start in range(0, len(uids), 500):
            for line in self._uid_fetch(uids[start : start + 500], "(UID RFC822.SIZE)"):
                head = line if isinstance(line, bytes) else line[0]
                uid, size = FETCHED.search(head), SIZE.search(head)
                if uid and size:
                    sizes[int(uid.group(1))] = int(size.group(1))
        return sizes

    def _fetch(self, uids: list[int]) -> Iterator[Fetched]:
        answer = self._uid_fetch(uids, "(UID INTERNALDATE BODY.PEEK[])")
        for number, piece in enumerate(answer):
            if not isinstance(piece, tuple):
                continue
            # Some servers name the UID behind the literal: it stands in the next piece then.
            following = answer[number + 1] if number + 1 < len(answer) else b""
            behind = following if isinstance(following, bytes) else b""
            found = FETCHED.search(piece[0]) or FETCHED.search(behind)
            if found:
                yield Fetched(int(found.group(1)), _internal_date(piece[0] + behind), piece[1])

    def _uid_fetch(self, uids: list[int], items: str) -> list[bytes | tuple[bytes, bytes]]:
        status, answer = self._open.client.uid("FETCH", ",".join(map(str, uids)), items)
        if status != "OK":
            raise imaplib.IMAP4.error(f"FETCH answered {status}")
        return [piece for piece in answer if piece is not None]


class _Client(imaplib.IMAP4):
    """Hung up after `seconds`, whatever the server says: a socket's timeout begins anew with each byte."""

    def __init__(self, server: Server, seconds: float | None) -> None:
        self._server, self._seconds = server, seconds
        self._ends: list[threading.Timer] = []
        super().__init__(server.host, server.port, timeout=SECONDS)
        if server.security == Security.STARTTLS:
            self.starttls(server.context())

    def shutdown(self) -> None:
        for end in self._ends:
            end.cancel()
        super().shutdown()

    def _create_socket(self, timeout: float | None) -> socket.socket:
        line: socket.socket = super()._create_socket(timeout)  # type: ignore[misc]  # typeshed does not know it
        if self._seconds is not None:
            self._ends = [hung_up_after(self._seconds, line.dup())]
        is_tls = self._server.security == Security.TLS
        return self._server.context().wrap_socket(line, server_hostname=self.host) if is_tls else line


class _Box(BaseMailBox):
    def __init__(self, server: Server, seconds: float | None) -> None:
        self._server, self._seconds = server, seconds
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return _Client(self._server, self._seconds)


def connect(server: Server, seconds: float | None = None) -> BaseMailBox:
    """Connected, secured and signed in; hung up after `seconds`. Raises the wire's own errors."""
    box = _Box(server, seconds)
    if server.sign_in == "xoauth2":
        box.xoauth2(server.user, server.password, initial_folder=None)
    else:
        box.login(server.user, server.password, initial_folder=None)
    return box


def explain(server: Server, error: BaseException) -> str:
    """What is wrong and what to do, for people; with the server's own words where it has any."""
    where = f"{server.host} (port {server.port})"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of {where} cannot be trusted: {error.verify_message}. “Test now” says what to do."
    if isinstance(error, socket.gaierror):
        return f"There is no server named {server.host}. Check the spelling."
    if isinstance(error, TimeoutError):
        return f"{where} does not answer. Check the port, and whether a firewall is in between."
    if isinstance(error, ConnectionRefusedError):
        return f"Nothing listens at {where}. Check the port and the kind of security."
    if isinstance(error, ssl.SSLError):
        return f"{where} does not speak TLS in this way ({error.reason}). Try another port or kind of security."
    words = plain_words(error)
    if "AUTHENTICATIONFAILED" in words.upper() or "LOGIN" in type(error).__name__.upper():
        return f"{where} refused the user name or password. Many providers need an app password here. It said: {words}"
    return f"{where} answered: {words}"


def _internal_date(head: bytes) -> datetime:
    parsed = imaplib.Internaldate2tuple(head)
    if parsed is None:
        return now()
    return datetime.fromtimestamp(calendar.timegm(parsed) - (parsed.tm_gmtoff or 0), UTC)
