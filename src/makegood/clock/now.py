"""The only clock of the house. Tests shift it in every process with MAKEGOOD_CLOCK_SHIFT (seconds)."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """The time, aware, in UTC. Leases do not use it: they go by the database's own clock."""
    shift = os.environ.get("MAKEGOOD_CLOCK_SHIFT")
    moment = datetime.now(UTC)
    return moment + timedelta(seconds=float(shift)) if shift else moment
