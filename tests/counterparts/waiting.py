"""Waiting for what happens by itself."""

from __future__ import annotations

import time
from collections.abc import Callable


def eventually[T](look: Callable[[], T], seconds: float = 15.0) -> T:
    """What `look` finds as soon as it finds anything; fails when that takes longer."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
    return found
