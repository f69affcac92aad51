"""What the table of jobs does by itself."""

from __future__ import annotations

from makegood.jobs import claiming
from makegood.jobs.recurring import every


@every(hours=6)
def sweep_done() -> None:
    """Results are kept for a day."""
    claiming.sweep()
