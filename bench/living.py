"""A house with people in it: `python bench/living.py DATA`, where DATA is a folder made by `makegood seed`.

On PostgreSQL (DATABASE_URL) 100,000 messages are seeded first.

Five agents are signed in, each with an open stream and pages looked at; then one of them writes notes. Prints the
memory of all processes (PSS, which counts shared pages once) and the milliseconds from sending a note to the event at
another agent's stream. Exits non-zero above 350 MiB, or when the 95th percentile is above 300 ms (SQLite) or 100 ms
(PostgreSQL).
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import threading
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import httpx
from tests.counterparts.makegood import Makegood, children_of, makegood, token_of

AGENTS, NOTES = 5, 60
MOST_MIB = 350
PAGES = ("/conversations", "/search?q=delivery", "/search?q=quixotrope", "/settings/profile")


def pss_mib(house: Makegood) -> float:
    kib = 0
    for pid in children_of(house.data):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        kib += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kib / 1024


class Listener:
    """One agent's open page: notes when each event arrives."""

    def __init__(self, browser: httpx.Client) -> None:
        self.arrived: list[float] = []
        self._browser = browser
        self._open = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()
        assert self._open.wait(10), "the stream did not open"

    def _listen(self) -> None:
        with self._browser.stream("GET", "/stream", timeout=None) as answer:
            assert answer.status_code == 200, answer.status_code
            self._open.set()
            for line in answer.iter_lines():
                if line.startswith("data:") and "note" in line:
                    self.arrived.append(time.perf_counter())


def write_notes(browser: httpx.Client, number: int, heard: Listener) -> list[float]:
    """Milliseconds from the request's begin to the event at the other's stream, one note at a time."""
    took = []
    for count in range(1, NOTES + 1):
        fields = {"mode": "note", "text": f"Note {count}", "key": str(uuid.uuid4()), **token_of(browser)}
        begin = time.perf_counter()
        answer = browser.post(f"/conversations/{number}/replies", data=fields)
        assert answer.status_code == 200, answer.status_code
        while len(heard.arrived) < count and time.perf_counter() - begin < 10:
            time.sleep(0.002)
        took.append((heard.arrived[count - 1] - begin) * 1000)
        time.sleep(0.05)
    return took


def main() -> int:
    with makegood() as house:
        if os.environ.get("DATABASE_URL"):
            house.run("seed", "--conversations", "33000", "--messages", "100000")
        else:
            shutil.copytree(sys.argv[1], house.data, dirs_exist_ok=True)
            house.run("init", "--admin", "marisol@quillfeather.example", "--name", "Marisol Quint", "--password-stdin",
                      given=b"correct horse battery", check=False)  # fmt: skip
        house.start()
        browsers = [house.signed_in() for _ in range(AGENTS)]
        listeners = [Listener(house.signed_in()) for _ in browsers]
        rows = browsers[0].get("/conversations").text
        number = int(rows.partition('href="/conversations/')[2].split("?")[0].split('"')[0].removeprefix("new") or 1)
        for browser in browsers:
            for page in (*PAGES, f"/conversations/{number}") * 4:
                assert browser.get(page).status_code == 200, page
        memory = pss_mib(house)
        took = sorted(write_notes(browsers[0], number, listeners[1]))
    p95 = took[int(len(took) * 0.95)]
    database = "postgresql" if os.environ.get("DATABASE_URL") else "sqlite"
    print(json.dumps({
        "database": database, "pss_mib": round(memory, 1), "event_ms": round(statistics.median(took), 1),
        "event_p95_ms": round(p95, 1),
    }))  # fmt: skip
    return int(memory > MOST_MIB or p95 > (100 if database == "postgresql" else 300))


if __name__ == "__main__":
    sys.exit(main())
