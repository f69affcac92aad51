"""From the next server's 250 to the record of it: `python bench/sending.py [--count N]`.

A running Makegood sends letters to an SMTP server of ours, which notes its 250s; the database is looked at every
millisecond. Prints milliseconds (they hold the look, too), letters a second, and our processes' CPU milliseconds a
letter. Exits non-zero above 50 ms at the 99th percentile (trust.md, Outbox).
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import psycopg
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.counterparts.makegood import Makegood, children_of, makegood
from tests.counterparts.sink import Sink, sink

from bench.intake import cpu_seconds, settle
from bench.pages import calibrate

WRITTEN = """
import uuid
from makegood.agents.models import Agent
from makegood.channels.tests.factories import wired
from makegood.conversations.actions import replying
from makegood.conversations.tests.factories import ODILE, come_in
replying.UNDO_SECONDS = 0
care, agent = wired({port}), Agent.objects.get()
for number in range({count}):
    if number % 10 == 0:
        conversation = come_in(to=care, message_id=f"<{{number}}@fenwick.example>").conversation
    letter = replying.Letter(text=f"Answer {{number}}", to=[ODILE], key=uuid.uuid4())
    replying.reply(conversation, letter, by=agent)
"""
MOST_MS = 50.0
RECORDED = "SELECT COUNT(*) FROM outbox_attempt WHERE outcome = 'sent'"


def recorded_by(house: Makegood) -> Callable[[], int]:
    """How many letters are recorded as sent, as another process sees it."""
    if url := house.environment["DATABASE_URL"]:
        look = psycopg.connect(url, autocommit=True, prepare_threshold=0).execute
        return lambda: int((look(RECORDED).fetchone() or [0])[0])
    file = sqlite3.connect(f"file:{house.data}/makegood.sqlite3?mode=ro", uri=True)
    return lambda: int(file.execute(RECORDED).fetchone()[0])


class Timed(Sink):
    """Notes when each 250 is given."""

    def __init__(self) -> None:
        super().__init__()
        self.answered: list[float] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        self.answered.append(time.perf_counter())
        return answer


def measure(house: Makegood, outside: Timed, count: int) -> dict[str, float]:
    """While they leave, others are still being written: both want to write to the database."""
    seen: list[float] = []
    recorded, own = recorded_by(house), children_of(house.data)
    writing = threading.Thread(target=house.python, args=[WRITTEN.format(port=outside.port, count=count)])
    cpu = cpu_seconds(own)
    writing.start()
    end = time.monotonic() + 300
    while len(seen) < count and time.monotonic() < end:
        seen += [time.perf_counter()] * (recorded() - len(seen))
        time.sleep(0.001)
    writing.join()
    took = sorted((at - answered) * 1000 for at, answered in zip(seen, outside.answered, strict=True))
    return {
        "p50_ms": round(statistics.median(took), 1),
        "p99_ms": round(took[int(count * 0.99)], 1),
        "most_ms": round(took[-1], 1),
        "per_second": round(count / (seen[-1] - seen[0]), 1),
        "cpu_ms": round((cpu_seconds(own) - cpu) / count * 1000, 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    arguments = parser.parse_args()
    outside = Timed()
    with makegood() as house, sink(outside):
        house.start()
        settle(house)
        found = measure(house, outside, arguments.count)
    print(json.dumps({**found, "yardstick_ms": round(calibrate(), 1)}))
    return int(found["p99_ms"] > MOST_MS)


if __name__ == "__main__":
    sys.exit(main())
