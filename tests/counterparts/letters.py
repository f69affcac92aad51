"""A customer's numbered letters: handed in to a Makegood that runs, and what it has stored."""

from __future__ import annotations

import json
import smtplib

from tests.counterparts.makegood import Makegood

TO = "care@quillfeather.example"
MARKED = """
from makegood.channels.models import FolderMark
print(FolderMark.objects.filter(folder="INBOX", uidvalidity__gt=0).count())
"""


def hand_in(house: Makegood, *numbers: int) -> None:
    """By LMTP, one session."""
    with smtplib.LMTP("127.0.0.1", house.lmtp_port) as session:
        for number in numbers:
            session.sendmail("odile@fenwick.example", [TO], letter(number))


def is_watched(house: Makegood) -> bool:
    """Whether the mailbox has been looked into for the first time: only what comes from now on is new."""
    return house.python(MARKED) == "1"


def stored(house: Makegood) -> list[str]:
    """The Message-IDs of all messages that have been read."""
    lines = house.run("check-messages").stdout.splitlines()
    return sorted(json.loads(line)["message_id"] for line in lines)


def letter(number: int) -> bytes:
    return (
        f"From: Odile Fenwick <odile@fenwick.example>\r\nTo: {TO}\r\nSubject: Letter {number}\r\n"
        f"Message-ID: <{number}@fenwick.example>\r\n\r\nWords of letter {number}.\r\n"
    ).encode()
