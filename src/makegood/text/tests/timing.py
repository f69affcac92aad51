"""Measuring that a function takes time linear in its input."""

import time
from collections.abc import Callable

_ROUNDS = 3
_MOST_ROUNDS = 8
_SLACK_SECONDS = 0.03
_HOPELESS_SECONDS = 4.0


def assert_linear(function: Callable[[str], object], piece: str, length: int) -> None:
    """Twice the text takes about twice the CPU time at most, and so again; `length` is that of the first text.

    A cache that is full or a neighbour on the machine makes one step at one size; what is not linear is so at every
    size. So one that seems too slow is measured again, four times as long and then sixteen.
    """
    for times in (1, 4, 16):
        best = _fastest(function, piece, length * times)
        if _is_linear(best):
            return
        if best[2] > _HOPELESS_SECONDS:
            break
    raise AssertionError(f"CPU seconds for once, twice and four times the text: {best}")


def _fastest(function: Callable[[str], object], piece: str, length: int) -> list[float]:
    """For once, twice and four times the length, by turns; another process only ever adds time, so the best counts."""
    text = piece * (4 * length // len(piece) + 1)
    texts = [text[: length * times] for times in (1, 2, 4)]
    best = [float("inf")] * 3
    for number in range(_MOST_ROUNDS):
        best = [min(fastest, _seconds(function, each)) for fastest, each in zip(best, texts, strict=True)]
        if (number + 1 >= _ROUNDS and _is_linear(best)) or best[2] > _HOPELESS_SECONDS:
            break
    return best


def _is_linear(best: list[float]) -> bool:
    """With a fifth more, for the machine's sake."""
    once, twice, four = best
    return twice <= 2.4 * once + _SLACK_SECONDS and four <= 2.4 * twice + _SLACK_SECONDS


def _seconds(function: Callable[[str], object], text: str) -> float:
    """CPU time of one run."""
    start = time.thread_time()
    function(text)
    return time.thread_time() - start
