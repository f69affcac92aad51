"""After kill -9 a new server fetches at once: the leases of the dead one are void, and nobody else can have any."""

from __future__ import annotations

import os
import time

import pytest

from makegood.database.leasing import LEASE_SECONDS
from tests.counterparts.dovecot import USER, Dovecot, dovecot
from tests.counterparts.letters import is_watched
from tests.counterparts.makegood import Makegood, makegood
from tests.counterparts.waiting import eventually

pytestmark = pytest.mark.server

LETTER = b"""From: Odile Fenwick <odile@fenwick.example>\r
To: Care <hello@quillfeather.example>\r
Subject: Pole %(number)d\r
Message-ID: <kill-%(number)d@fenwick.example>\r
\r
The main pole cracked.\r
"""
COUNT = "from makegood.conversations.models import Message; print(Message.objects.filter(direction='in').count())"
HOLDERS = """
from makegood.channels.models import FolderMark
from makegood.database import leasing
held = FolderMark.objects.exclude(poller="").extra(where=[f"NOT {leasing.is_over()}"])
print(*held.values_list("poller", flat=True))
"""


def comes_in(house: Makegood, server: Dovecot, number: int) -> float:
    """Seconds until the letter has been read."""
    begun = time.monotonic()
    server.deliver(LETTER % {b"number": number})
    eventually(lambda: int(house.python(COUNT)) >= number, 60)
    return time.monotonic() - begun


@pytest.mark.skipif(
    "DATABASE_URL" in os.environ, reason="on PostgreSQL another worker may live, so a lease runs out by itself"
)
@pytest.mark.timeout(240)
def test_a_folder_is_fetched_from_at_once_after_a_kill() -> None:
    with dovecot() as server, makegood() as house:
        house.run("inbox", "add", "email", "--address", USER, "--imap-url", server.imap_url)
        house.start()
        eventually(lambda: is_watched(house))
        comes_in(house, server, 1)
        before = house.python(HOLDERS)
        house.kill()
        assert house.python(HOLDERS) == before != ""  # the dead one holds it still

        killed_at = time.monotonic()
        house.start()
        comes_in(house, server, 2)

        assert time.monotonic() - killed_at < LEASE_SECONDS / 2
        after = house.python(HOLDERS).split()
        assert len(after) == 1
        assert after != [before]
