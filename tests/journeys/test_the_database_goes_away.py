"""R10: the database restarts or is locked under load: a clear page with what was typed, back within five seconds."""

from __future__ import annotations

import os
import smtplib
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from makegood.database.leasing import LEASE_SECONDS
from tests.counterparts.letters import TO, hand_in, stored
from tests.counterparts.makegood import Makegood, makegood, token_of
from tests.counterparts.postgres import Server
from tests.counterparts.sink import Sink, sink
from tests.counterparts.waiting import eventually

pytestmark = [pytest.mark.server, pytest.mark.timeout(180)]
HAVE_POSTGRES = Path("/usr/lib/postgresql").is_dir()
WORDS = "A new pole is on its way to you. We are sorry that the first one cracked."


@pytest.fixture
def outside() -> Iterator[Sink]:
    with sink() as server:
        yield server


class Load:
    """A mail every tenth of a second, each handed in until it is taken, as a mail server does."""

    def __init__(self, house: Makegood) -> None:
        self._house, self._stop = house, threading.Event()
        self.taken: dict[int, float] = {}  # number: when
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def end(self) -> list[str]:
        """The Message-IDs of all that were taken, and of the first mail."""
        self._stop.set()
        self._thread.join(60)
        return sorted(f"<{number}@fenwick.example>" for number in [1, *self.taken])

    def _run(self) -> None:
        number = 100
        while not self._stop.is_set():
            number += 1
            while number not in self.taken:
                with suppress(OSError, smtplib.SMTPException):
                    hand_in(self._house, number)
                    self.taken[number] = time.monotonic()
                time.sleep(0.1)


def connected(house: Makegood, outside: Sink) -> httpx.Client:
    """Started, with one conversation and somebody signed in."""
    house.run("inbox", "add", "email", "--address", TO, "--smtp-url", outside.url)
    house.start()
    hand_in(house, 1)
    eventually(lambda: stored(house) == ["<1@fenwick.example>"])
    return house.signed_in()


def answer(browser: httpx.Client, text: str = WORDS, key: str = "") -> httpx.Response:
    """The composer's form, sent without scripts."""
    fields = {"mode": "reply", "key": key or str(uuid.uuid4()), "text": text, "to": "odile@fenwick.example"}
    return browser.post("/conversations/1/replies", data={**fields, **token_of(browser)})


def seconds_until(condition: Callable[[], bool], most: float = 20) -> float:
    begin = time.monotonic()
    eventually(condition, most)
    return time.monotonic() - begin


@pytest.mark.skipif(not HAVE_POSTGRES, reason="no PostgreSQL here: see bin/counterparts")
def test_after_a_restart_of_the_database_all_goes_on_within_five_seconds(outside: Sink) -> None:
    database = Server()
    try:
        with makegood(DATABASE_URL=database.url) as house:
            browser = connected(house, outside)
            load = Load(house)
            eventually(lambda: len(load.taken) > 5)
            database.stop()

            page, refused = browser.get("/conversations"), answer(browser, key="6f0c9a52-6f4e-4c3b-9a5e-0a1b2c3d4e5f")
            assert (page.status_code, refused.status_code) == (503, 503)
            assert "The database does not answer" in page.text
            assert WORDS in refused.text
            assert "6f0c9a52-6f4e-4c3b-9a5e-0a1b2c3d4e5f" in refused.text
            time.sleep(3)

            database.start()
            back = time.monotonic()
            page_after = seconds_until(lambda: browser.get("/conversations").status_code == 200)
            assert answer(browser, key="6f0c9a52-6f4e-4c3b-9a5e-0a1b2c3d4e5f").status_code == 200
            eventually(lambda: max(load.taken.values()) > back)
            mail_after = min(moment for moment in load.taken.values() if moment > back) - back
            taken = load.end()
            # A claim may have been committed whose answer was lost: what it claimed waits for the end of its lease.
            eventually(lambda: stored(house) == taken, LEASE_SECONDS + 10)
            eventually(lambda: len(outside.caught) == 1, 20)
            assert house.run("doctor", "--quick", check=False).stdout.count(b"WRONG") == 0
        print(f"page back after {page_after:.1f} s, mail after {mail_after:.1f} s")
        assert max(page_after, mail_after) <= 5
    finally:
        database.remove()


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="about the embedded database")
def test_while_another_process_holds_the_database_nothing_is_lost(outside: Sink) -> None:
    with makegood() as house:
        browser = connected(house, outside)
        with sqlite3.connect(house.data / "makegood.sqlite3", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            load = Load(house)

            assert browser.get("/conversations/1").status_code == 200  # reading goes on
            refused = answer(browser, key="6f0c9a52-6f4e-4c3b-9a5e-0a1b2c3d4e5f")
            assert (refused.status_code, WORDS in refused.text) == (503, True)
            assert load.taken == {}

            other.execute("ROLLBACK")
        back = time.monotonic()
        eventually(lambda: bool(load.taken), 5)
        assert answer(browser, key="6f0c9a52-6f4e-4c3b-9a5e-0a1b2c3d4e5f").status_code == 200
        print(f"mail was taken {min(load.taken.values()) - back:.1f} s after the lock was gone")
        taken = load.end()
        eventually(lambda: stored(house) == taken)
        eventually(lambda: len(outside.caught) == 1, 20)
