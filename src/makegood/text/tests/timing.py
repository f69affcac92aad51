"""Measuring that a function takes time linear in its input."""

import time
from collections.abc import Callable

_ROUNDS = 3
_MOST_ROUNDS = 12
_SLACK_SECONDS = 0.03


def assert_linear(function: Callable[[str], object], piece: str, length: int) -> None:
    """Twice the text takes about twice the CPU time at most, and so again; `length` is that of the first text.

    The three lengths take turns, and the fastest of several rounds counts: a busy machine makes any of them slow. One
    that is still too slow is measured some rounds more, which can only help what is linear.
    """
    text = piece * (4 * length // len(piece) + 1)
    texts = [text[: length * times] for times in (1, 2, 4)]
    best = [float("inf")] * 3
    for number in range(_MOST_ROUNDS):
        best = [min(fastest, _seconds(function, each)) for fastest, each in zip(best, texts, strict=True)]
        once, twice, four = best
        if number + 1 >= _ROUNDS and _is_at_most_double(twice, once) and _is_at_most_double(four, twice):
            return
    raise AssertionError(f"CPU seconds for once, twice and four times the text: {best}")


def _is_at_most_double(longer: float, shorter: float) -> bool:
    """With a fifth more, for the machine's sake."""
    return longer <= 2.4 * shorter + _SLACK_SECONDS


def _seconds(function: Callable[[str], object], text: str) -> float:
    """CPU time of one run."""
    start = time.process_time()
    function(text)
    return time.process_time() - start
