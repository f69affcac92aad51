"""A desk within this one process, between a real mail server and a real sink, so that it can be broken at any step.

For modules that a test starts as a process of their own: the data folder and the database are those of the environment.
"""

from __future__ import annotations

import imaplib
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from makegood.project.starting import bring_up_to_date, start_django
from makegood.project.supervising import PR_SET_PDEATHSIG
from tests.counterparts.dovecot import USER, Dovecot

if TYPE_CHECKING:
    from makegood.channels.models import FolderMark
    from makegood.inboxes.models import Inbox

CUSTOMER = "odile@fenwick.example"
LARGE = 300 * 1024  # such a mail, and the file in it, lie in files of ours


@dataclass(frozen=True)
class Letter:
    """One mail of the customer; `answers` names the one whose conversation it joins."""

    number: int
    answers: int = 0
    file: bytes = b""

    @property
    def message_id(self) -> str:
        return f"<{self.number}@fenwick.example>"

    @property
    def content(self) -> bytes:
        head = [f"From: Odile Fenwick <{CUSTOMER}>", f"To: {USER}", "Subject: Tent",
                f"Message-ID: {self.message_id}"]  # fmt: skip
        if self.answers:
            head.append(f"In-Reply-To: {Letter(self.answers).message_id}")
        words = f"Words of letter {self.number}."
        if not self.file:
            return "\r\n".join([*head, "", words, ""]).encode()
        head += ["MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="b"']
        return "\r\n".join([
            *head, "", "--b", "Content-Type: text/plain", "", words, "--b",
            "Content-Type: application/octet-stream", 'Content-Disposition: attachment; filename="pole.bin"',
            "", *_lines(self.file), "--b--", "",
        ]).encode()  # fmt: skip


def _lines(content: bytes) -> list[str]:
    text = content.decode("ascii")
    return [text[start : start + 70] for start in range(0, len(text), 70)]


# One that opens a conversation; one that joins it, large, with a file.
KINDS: tuple[Callable[[int], Letter], ...] = (
    Letter,
    lambda number: Letter(number, answers=1, file=f"{number:04}".encode() * (LARGE // 4)),
)


class Desk:
    """What the worker does about mail, one call each."""

    def __init__(self, client: imaplib.IMAP4, inbox: Inbox) -> None:
        """`client`: another mail program, by which mail is put there."""
        self._client, self.inbox = client, inbox

    def fetch(self) -> None:
        """One look into the folder, as a listener takes it."""
        from makegood.channels.email import fetching
        from makegood.channels.email.imap import Folder
        from makegood.channels.email.listening import watched_folders
        from makegood.channels.intake import take

        watched = next(watched_folders())
        writable = bool(watched.inbox.settings["imap"].get("mark_seen"))
        with Folder(watched.settings.server, watched.folder, writable=writable) as folder:
            mark = fetching.lease(watched, "the only one")
            assert mark is not None
            for catch in fetching.fetch_new(watched, folder, mark):
                take(catch)

    def read(self) -> None:
        """What waits becomes messages. As at the start of a lone server, claims of a killed one are void."""
        from makegood.channels import reading

        reading.release_all()
        reading.read_new()

    def mark(self) -> FolderMark:
        """How far the folder has been read."""
        from makegood.channels.models import FolderMark

        return FolderMark.objects.get(inbox=self.inbox)

    def deliver(self, letter: Letter) -> int:
        """The customer's mail reaches the mail server, which keeps these very bytes; its UID there."""
        _, answer = self._client.append("INBOX", "", "", letter.content)
        return int(answer[0].partition(b"]")[0].split()[-1])  # APPENDUID (RFC 4315)


def unsound(*, quick: bool = False) -> list[str]:
    """What `makegood doctor` finds wrong."""
    from makegood.project.examining import examine

    return [f"{finding.about}: {finding.said}" for finding in examine(quick=quick) if not finding.is_good]


def one_copy(letter: Letter) -> list[str]:
    """Whatever is not as if nothing had happened."""
    from makegood.channels.models import RawMessage
    from makegood.conversations.models import Attachment, Message
    from makegood.eventlog.models import LoggedEvent
    from makegood.files.storing import read
    from makegood.search.models import SearchDocument

    messages = list(Message.objects.filter(message_id=letter.message_id))
    if len(messages) != 1:
        return [f"{len(messages)} messages"]
    message = messages[0]
    raws = list(RawMessage.objects.filter(sha256=sha256(letter.content).hexdigest()))
    received = Counter(LoggedEvent.objects.filter(name="message.received").values_list("data__message_id", flat=True))
    files = [read(one.file) for one in Attachment.objects.filter(message=message).select_related("file")]
    attached = [b"".join(content.split(b"\r\n")) for content in files]
    found = {
        "the raw is stored once": [raw.state for raw in raws] == ["read"] and message.raw_id == raws[0].pk,
        "its words are there": message.text.strip() == f"Words of letter {letter.number}.",
        "its file is there": attached == [letter.file] * bool(letter.file),
        "it has one event": received[message.pk] == 1,
        "it is found once": SearchDocument.objects.filter(kind="message", object_id=message.pk).count() == 1,
        "it is where it belongs": not letter.answers or message.conversation.messages.count() > 1,
    }
    return [f"not: {what}" for what, holds in found.items() if not holds]


@contextmanager
def desk(server: Dovecot, smtp: dict[str, object] | None = None) -> Iterator[Desk]:
    """Tables made, parser running, the inbox connected and its mark set."""
    start_django()
    bring_up_to_date()
    pid = _parser()
    from makegood.channels.email.connecting import from_url
    from makegood.inboxes.models import Inbox
    from makegood.inboxes.sealing import seal

    kept, password = from_url(server.imap_url)
    settings: dict[str, object] = {"imap": kept | {"mark_seen": True}} | ({"smtp": smtp} if smtp else {})
    inbox = Inbox(name="Care", address=USER, settings=settings)
    seal(inbox, {"imap_password": password})
    inbox.save()
    try:
        with server.client() as client:
            made = Desk(client, inbox)
            made.fetch()
            yield made
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _parser() -> int:
    """Forked as `serve` forks it; says its pid."""
    import ctypes

    from makegood.project.serving import ParserSocket

    listening = ParserSocket()
    if pid := os.fork():
        return pid
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        listening.serve()
    finally:
        os._exit(1)
