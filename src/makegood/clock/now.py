"""The only clock of the house. A test shifts it everywhere: MAKEGOOD_CLOCK_SHIFT (seconds) with MAKEGOOD_TEST=1."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """The time, aware, in UTC. Leases do not use it: they go by the database's own clock."""
    moment = datetime.now(UTC)
    if os.environ.get("MAKEGOOD_TEST") != "1":  # nobody's house runs by a wrong clock for a forgotten variable
        return moment
    return moment + timedelta(seconds=float(os.environ.get("MAKEGOOD_CLOCK_SHIFT") or 0))
