"""Measuring that a function takes time linear in its input."""

import time
from collections.abc import Callable

_RUNS = 3
_SLACK_SECONDS = 0.03


def assert_linear(function: Callable[[str], object], piece: str, length: int) -> None:
    """Twice the text takes about twice the CPU time at most, and so again; `length` is that of the first text."""
    text = piece * (4 * length // len(piece) + 1)
    once, twice, four = (_seconds(function, text[: length * times]) for times in (1, 2, 4))
    assert twice <= 2.4 * once + _SLACK_SECONDS
    assert four <= 2.4 * twice + _SLACK_SECONDS


def _seconds(function: Callable[[str], object], text: str) -> float:
    """CPU time of the fastest of several runs."""
    best = float("inf")
    for _ in range(_RUNS):
        start = time.process_time()
        function(text)
        best = min(best, time.process_time() - start)
    return best
