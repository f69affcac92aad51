"""What the room does by itself."""

from __future__ import annotations

from makegood.jobs.recurring import every
from makegood.live.actions.being_there import sweep


@every(minutes=10)
def forget_who_left() -> None:
    """Nobody is shown them any more; their rows go as well."""
    sweep()
