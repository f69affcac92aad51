"""What the house does by itself at night."""

from __future__ import annotations

from makegood.jobs.recurring import every
from makegood.project.safekeeping import nightly


@every(cron="17 2 * * *")
def back_up() -> None:
    """Every night; fourteen are kept."""
    nightly()
