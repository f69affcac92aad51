"""Makegood is killed again and again while mail comes in by IMAP and LMTP and replies go out; then all is counted.

`python -m tests.journeys.killing --kills 1000` is the long run. Half of the kills are aimed: they come at the moment
when a mail has just been handed over or a reply has just reached the sink.
"""

from __future__ import annotations

import argparse
import json
import random
import smtplib
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from tests.counterparts.dovecot import USER, Dovecot, dovecot
from tests.counterparts.letters import is_watched
from tests.counterparts.makegood import Makegood, makegood
from tests.counterparts.sink import Sink, sink
from tests.counterparts.waiting import eventually

ANSWER = """
import sys, uuid
import django; django.setup()
from makegood.agents.models import Agent
from makegood.conversations.actions import replying
from makegood.conversations.envelope import Address
from makegood.conversations.models import Conversation
replying.UNDO_SECONDS = 0
agent = Agent.objects.get()
for line in sys.stdin:
    conversation = Conversation.objects.order_by("?").first()
    if conversation:
        to, key = [Address("", "odile@fenwick.example")], uuid.UUID(line.strip())
        letter = replying.Letter(text=f"Answer {line}", to=to, key=key)
        replying.reply(conversation, letter, by=agent)
    print("written" if conversation else "nobody yet", flush=True)
"""
COUNT = """
import json
import django; django.setup()
from makegood.channels.models import Attempt, OutboxMail, RawMessage
from makegood.conversations.models import Message
print(json.dumps({
    "unread": RawMessage.objects.filter(state="new").count(),
    "failed": RawMessage.objects.filter(state="failed").count(),
    "unsent": OutboxMail.objects.exclude(state__in=["sent", "failed", "uncertain"]).count()
    + Message.objects.filter(state__in=["waiting"]).count(),
    "states": {m.message.key.hex: m.state for m in OutboxMail.objects.select_related("message")},
    "unanswered": [a.mail.message.key.hex for a in Attempt.objects.filter(outcome="uncertain")
                   .select_related("mail__message")],
}))
"""


FEWEST_LETTERS = 40  # however soon the kills are over


@dataclass
class Tally:
    """What was handed in, what was asked to leave, and how often we were killed."""

    handed_in: dict[str, str] = field(default_factory=dict)  # Message-ID: SHA-256
    written: list[str] = field(default_factory=list)
    kills: int = 0
    slowest_start: float = 0.0


class Run:
    """One house under attack."""

    def __init__(self, house: Makegood, server: Dovecot, outside: Sink, seed: int) -> None:
        self.house, self.server, self.outside = house, server, outside
        self.people_answer = True
        self.dice = random.Random(seed)
        self.tally = Tally()
        self._stop = threading.Event()
        self._just_now = threading.Event()

    def go(self, kills: int) -> Tally:
        """Attack, then let it come to rest."""
        works = (self._letters, self._watch, *([self._answers] if self.people_answer else []))
        threads = [threading.Thread(target=work, daemon=True) for work in works]
        self._start()
        for thread in threads:
            thread.start()
        for _ in range(kills):
            self._aim()
            self.house.kill()
            self.tally.kills += 1
            self._start()
        self._stop.set()
        for thread in threads:
            thread.join(60)
        self._rest()
        return self.tally

    def _start(self) -> None:
        begin = time.monotonic()
        self.house.start()
        self.tally.slowest_start = max(self.tally.slowest_start, time.monotonic() - begin)

    def _aim(self) -> None:
        """Half at any moment, half at the moment when something has just been handed over."""
        if self.dice.random() < 0.5:
            time.sleep(self.dice.uniform(0.05, 1.2))
            return
        self._just_now.clear()
        self._just_now.wait(3)
        time.sleep(self.dice.uniform(0, 0.03))

    def _letters(self) -> None:
        """Five mails a second, by turns to the mail server that we fetch from and straight to our own LMTP."""
        number = 0
        while number < FEWEST_LETTERS or not self._stop.is_set():
            number += 1
            message_id = f"<{number}.{self.dice.randrange(10**9)}@fenwick.example>"
            content = letter(number, message_id)
            if number % 2:
                self.server.deliver(content)
            else:
                self._by_lmtp(content)
            self._just_now.set()
            self.tally.handed_in[message_id] = sha256(content).hexdigest()
            self._stop.wait(0.2)

    def _by_lmtp(self, content: bytes) -> None:
        """As a mail server does: again and again until it hears 250."""
        while True:
            with (
                suppress(OSError, smtplib.SMTPException),
                smtplib.LMTP("127.0.0.1", self.house.lmtp_port, timeout=10) as s,
            ):
                s.sendmail("odile@fenwick.example", [USER], content)
                return
            time.sleep(0.1)

    def _answers(self) -> None:
        """A reply about every second, written by another process on the same data."""
        environment = {**self.house.environment, "DJANGO_SETTINGS_MODULE": "makegood.project.settings"}
        writer = subprocess.Popen(
            [sys.executable, "-c", ANSWER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**environment, "MAKEGOOD_DATA": str(self.house.data) + "/."},
        )  # fmt: skip
        assert writer.stdin and writer.stdout
        while not self._stop.is_set():
            key = f"{self.dice.getrandbits(128):032x}"
            writer.stdin.write(f"{key}\n")
            writer.stdin.flush()
            answer = writer.stdout.readline().strip()
            assert answer in {"written", "nobody yet"}, "the writer failed"
            if answer == "written":
                self.tally.written.append(key)
            self._stop.wait(0.8)
        writer.stdin.close()
        writer.wait(10)

    def _watch(self) -> None:
        seen = 0
        while not self._stop.is_set():
            if len(self.outside.caught) != seen:
                seen = len(self.outside.caught)
                self._just_now.set()
            time.sleep(0.005)

    def _rest(self) -> None:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            counted = self.counts()
            stored = len(self.stored())
            if not counted["unread"] and not counted["unsent"] and stored >= len(self.tally.handed_in):
                return
            time.sleep(1)

    def counts(self) -> dict[str, Any]:
        """What still waits, and whose sending the server's answer was lost of."""
        environment = {**self.house.environment, "DJANGO_SETTINGS_MODULE": "makegood.project.settings"}
        answer = subprocess.run([sys.executable, "-c", COUNT], env=environment, capture_output=True, check=True)
        counted: dict[str, Any] = json.loads(answer.stdout)
        return counted

    def stored(self) -> list[tuple[str, str]]:
        """Message-ID and SHA-256 of every stored customer message."""
        lines = self.house.run("check-messages").stdout.splitlines()
        return [(line["message_id"], line["sha256"]) for line in map(json.loads, lines)]

    def _as_kept_by_server(self) -> dict[str, str]:
        """A mail server adds lines of its own: what it keeps is what we must have."""
        with self.server.client() as client:
            client.select("INBOX", readonly=True)
            _, answer = client.fetch("1:*", "(BODY.PEEK[])")
        contents = [piece[1] for piece in answer if isinstance(piece, tuple)]
        return {
            f"<{c.partition(b'Message-ID: <')[2].partition(b'>')[0].decode()}>": sha256(c).hexdigest() for c in contents
        }

    def report(self) -> dict[str, object]:
        """Lost and doubled, in and out.

        R3: a letter may leave a second time, byte for byte the same, only when the answer of the server was lost.
        """
        stored = self.stored()
        ids = Counter(message_id for message_id, _ in stored)
        kept = dict(stored)
        automatic = [mail for mail in self.outside.caught if not mail.sender]
        by_hand = [mail for mail in self.outside.caught if mail.sender]
        left: dict[str, list[bytes]] = {}
        for mail in by_hand:
            left.setdefault(mail.mail["Message-ID"].strip("<>").partition(".")[0], []).append(mail.content)
        counted = self.counts()
        states, lost = counted["states"], Counter(counted["unanswered"])  # how often
        unsent = {key: states.get(key, "not in the outbox") for key in self.tally.written if key not in left}
        answered = Counter(mail.mail["In-Reply-To"] for mail in automatic)
        self.tally.handed_in.update(self._as_kept_by_server())
        return {
            "kills": self.tally.kills,
            "slowest_start_s": round(self.tally.slowest_start, 2),
            "handed_in": len(self.tally.handed_in),
            "lost": [id_ for id_ in self.tally.handed_in if id_ not in kept],
            "damaged": [id_ for id_, digest in self.tally.handed_in.items() if kept.get(id_, digest) != digest],
            "doubled": [id_ for id_, count in ids.items() if count > 1],
            "written": len(self.tally.written),
            "sent": len(left),
            "sent_twice": [k for k, copies in left.items() if len(copies) > 1 + lost[k] or len(set(copies)) > 1],
            "sent_again_after_a_lost_answer": sum(len(copies) > 1 for copies in left.values()),
            "uncertain": sum(state == "uncertain" for state in states.values()),
            "answered": len(answered),
            "answered_twice": [id_ for id_, count in answered.items() if count > 1],
            "unanswered": [id_ for id_ in self._to_be_answered() if f"<{id_.strip('<>')}>" not in answered],
            "unsent": [f"{key} {state}" for key, state in unsent.items() if state != "uncertain"],
        }

    def _to_be_answered(self) -> list[str]:
        """By the house itself: where people answer, it does not."""
        return [] if self.people_answer else list(self.tally.handed_in)


def letter(number: int, message_id: str) -> bytes:
    """One of a thousand customers writes."""
    return (
        f"From: Customer {number} <c{number}@fenwick.example>\r\nTo: {USER}\r\n"
        f"Subject: Letter {number}\r\nMessage-ID: {message_id}\r\n\r\nWords of letter {number}.\r\n"
    ).encode()


def attack(kills: int, seed: int = 1, automatic: str = "") -> dict[str, Any]:
    """A fresh house with real counterparts; the report. `automatic`: what it answers every letter by itself."""
    with dovecot() as server, sink() as outside, makegood() as house:
        wires = ("--imap-url", server.imap_url, "--smtp-url", outside.url, "--auto-reply", automatic)
        house.run("inbox", "add", "email", "--address", USER, *wires)
        house.start()
        eventually(lambda: is_watched(house))
        house.kill()
        run = Run(house, server, outside, seed)
        run.people_answer = not automatic  # where a person has answered, none is sent automatically
        run.go(kills)
        return run.report()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    report = attack(arguments.kills, arguments.seed)
    print(json.dumps(report, indent=1))
    return int(bool(report["lost"] or report["damaged"] or report["doubled"] or report["sent_twice"]))


if __name__ == "__main__":
    sys.exit(main())
