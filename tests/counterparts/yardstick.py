"""How fast this machine is now: a shared one changes by a factor of two within minutes."""

from __future__ import annotations

import statistics
import time

QUIET_MS = 30.0  # what bounds on CPU-bound work are set for


def slowness() -> float:
    """By how much a fixed piece of work takes longer than on the machine that bounds are set for; at least 1."""
    return max(1.0, statistics.median(_milliseconds() for _ in range(5)) / QUIET_MS)


def _milliseconds() -> float:
    start = time.monotonic()
    number, words = 1, {}
    for count in range(60_000):
        number = (number * 1_103_515_245 + 12_345) & 0x7FFFFFFF
        words[number % 5003] = f"{number}{count}"
    "".join(sorted(words.values()))
    return (time.monotonic() - start) * 1000
