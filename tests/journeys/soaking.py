"""Steady mail and page load for hours (R18): `python -m tests.journeys.soaking --hours 24`.

Every process's own memory and open files are read each minute. The median of the last tenth of the readings may not be
more than 10 % (memory; and 4 MiB, so that a small process may breathe) or 5 files above that of the second tenth: the
first belongs to warming up.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median

import httpx

from tests.counterparts.letters import TO, hand_in
from tests.counterparts.makegood import Makegood, children_of, makegood
from tests.counterparts.sink import sink

PAGES = ("/conversations", "/conversations/1", "/search?q=letter", "/settings/profile", "/health")
MORE, BREATH_KIB, FILES = 0.10, 4096, 5


@dataclass(frozen=True)
class Reading:
    """One process at one moment."""

    pid: int
    kib: int
    files: int


class Soak:
    """One house under steady load."""

    def __init__(self, house: Makegood) -> None:
        self._house, self._stop = house, threading.Event()
        self.mails = self.pages = 0
        self.readings: list[list[Reading]] = []

    def go(self, seconds: float, every: float) -> None:
        """Two mails and four pages a second, and a reading every so often."""
        threads = [threading.Thread(target=work, daemon=True) for work in (self._letters, self._visits)]
        for thread in threads:
            thread.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(every)
            self.readings.append([reading_of(pid) for pid in sorted(children_of(self._house.data))])
        self._stop.set()
        for thread in threads:
            thread.join(60)

    def _letters(self) -> None:
        for number in count(1):
            if self._stop.wait(0.5):
                return
            hand_in(self._house, number)
            self.mails = number

    def _visits(self) -> None:
        browser = self._house.signed_in()
        for number in count():
            if self._stop.wait(0.25):
                return
            with suppress(httpx.TimeoutException):
                self.pages += browser.get(PAGES[number % len(PAGES)]).status_code == 200

    def report(self) -> dict[str, object]:
        """By process: memory in each tenth, files at first and in the end; `grown` names those that are over."""
        tenth = max(len(self.readings) // 10, 1)
        first, last = self.readings[tenth : 2 * tenth] or self.readings[:1], self.readings[-tenth:]
        pids = sorted({one.pid for readings in last for one in readings})
        tenths = [self.readings[start : start + tenth] for start in range(0, len(self.readings), tenth)]
        rows = [
            {"pid": pid, "mib": [_mib(part, pid) for part in tenths], "files": [_files(first, pid), _files(last, pid)]}
            for pid in pids
        ]
        grown = [pid for pid in {one.pid for one in last[-1]} if _has_grown(first, last, pid)]
        return {"mails": self.mails, "pages": self.pages, "readings": len(self.readings), "processes": rows,
                "grown": grown}  # fmt: skip


def reading_of(pid: int) -> Reading:
    """Private memory (what is shared after the fork is not counted again) and open files, from /proc."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    kib = sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))
    return Reading(pid, kib, len(list(Path(f"/proc/{pid}/fd").iterdir())))


def _of(readings: list[list[Reading]], pid: int) -> list[Reading]:
    return [one for reading in readings for one in reading if one.pid == pid]


def _mib(readings: list[list[Reading]], pid: int) -> float:
    return round(median([one.kib for one in _of(readings, pid)] or [0]) / 1024, 1)


def _files(readings: list[list[Reading]], pid: int) -> float:
    return median([one.files for one in _of(readings, pid)] or [0])


def _has_grown(first: list[list[Reading]], last: list[list[Reading]], pid: int) -> bool:
    """A process that was not there at first was started anew, which counts as grown: something ended it."""
    before, after = _mib(first, pid), _mib(last, pid)
    return after > before * (1 + MORE) + BREATH_KIB / 1024 or _files(last, pid) > _files(first, pid) + FILES


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=24.0)
    hours: float = parser.parse_args().hours
    with sink() as outside, makegood() as house:
        house.run("inbox", "add", "email", "--address", TO, "--smtp-url", outside.url)
        house.start()
        soak = Soak(house)
        soak.go(hours * 3600, every=min(60.0, hours * 36))
        report = soak.report()
    print(json.dumps(report, indent=1))
    return int(bool(report["grown"]))


if __name__ == "__main__":
    sys.exit(main())
