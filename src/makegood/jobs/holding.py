"""A lease that lives as long as the work: renewed from a thread of its own, and gone soon after a kill."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

log = logging.getLogger(__name__)
LEASE_SECONDS = 30.0
RENEW_SECONDS = 8.0


@contextmanager
def holding(renew: Callable[[], object]) -> Iterator[None]:
    """Within the block `renew` is called every eight seconds; it should set a lease of thirty."""
    done = threading.Event()
    thread = threading.Thread(target=_renew, args=(renew, done), name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()  # a late renewal must not hold what was just let go


def _renew(renew: Callable[[], object], done: threading.Event) -> None:
    while not done.wait(RENEW_SECONDS):
        try:
            renew()
        except DatabaseError:
            log.warning("a lease could not be renewed; trying again")
            connection.close()
    connection.close()
