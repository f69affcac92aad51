"""A mail server that says what no standard knows is trouble that everybody sees, not a thread that ends in silence."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import httpx
import pytest

from makegood.channels.listening import NOT_UNDERSTOOD
from tests.counterparts.makegood import makegood
from tests.counterparts.waiting import eventually

pytestmark = pytest.mark.server

HONEST = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
    b"STATUS": b'* STATUS "INBOX" (UIDVALIDITY 1 UIDNEXT 1 MESSAGES 0)\r\n',
    b"RFC822.SIZE": b"* 1 FETCH (UID 1 RFC822.SIZE 3)\r\n",
    b"SEARCH": b"* SEARCH 1\r\n",
}
MAIL = b"* 1 FETCH (UID %b INTERNALDATE %b BODY[] {3}\r\nabc)\r\n"
DAY = b'"01-Nov-2026 00:00:00 +0000"'
LIES = {
    "a folder without numbers": {b"STATUS": b'* STATUS "INBOX" (UIDVALIDITY x)\r\n'},
    "letters for numbers": {b"CAPABILITY": b"* CAPABILITY IMAP4rev1 \xff\r\n"},
    "a mail larger than all memory": {b"BODY.PEEK": b"* 1 FETCH (UID 1 BODY[] {99999999999999999999}\r\nabc"},
    "a day that no calendar has": {b"BODY.PEEK": MAIL % (b"1", b'"00-Jan-0000 00:00:00 +0000"')},
    "a number that no row can have": {b"BODY.PEEK": MAIL % (b"9" * 30, DAY)},
}


SAID = """
from makegood.inboxes.models import Inbox
print(*Inbox.objects.values_list("health_said", flat=True), sep="\\n")
"""


@dataclass
class Liar:
    """An IMAP server with one mail, which appears after the first look; `lies` in place of what it should say."""

    lies: dict[bytes, bytes]
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    def run(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self.listener.accept()
                threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        with line, suppress(OSError):
            line.sendall(b"* OK ready\r\n")
            looks = 0
            for said in line.makefile("rb"):
                tag, asked = said.split(None, 1)
                known = {**HONEST, **self.lies}
                answer = next((known[name] for name in (*self.lies, *HONEST) if name in asked), b"")
                looks += b"STATUS" in asked
                if looks > 1 and b"STATUS" in asked:
                    answer = answer.replace(b"UIDNEXT 1", b"UIDNEXT 2")
                line.sendall(answer + tag + b" OK done\r\n")


@contextmanager
def liars() -> Iterator[list[int]]:
    """Their ports."""
    made = [Liar(lies) for lies in LIES.values()]
    for one in made:
        threading.Thread(target=one.run, daemon=True).start()
    try:
        yield [one.listener.getsockname()[1] for one in made]
    finally:
        for one in made:
            one.listener.close()


@pytest.mark.timeout(120)
def test_a_server_that_cannot_be_understood_is_trouble_that_is_told() -> None:
    with liars() as ports, makegood() as house:
        for number, port in enumerate(ports):
            address, url = f"care{number}@quillfeather.example", f"imap+plain://care@127.0.0.1:{port}"
            house.run("inbox", "add", "email", "--address", address, "--imap-url", url, "--poll-seconds", "1")
        house.start()

        eventually(lambda: httpx.get(f"{house.url}/health").json()["inboxes_in_trouble"] == len(LIES), 40)

        said = house.python(SAID).splitlines()
        assert [line.partition(".")[0] for line in said] == [NOT_UNDERSTOOD.rstrip(".")] * len(LIES)
