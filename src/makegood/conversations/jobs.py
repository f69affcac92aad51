"""What conversations do by themselves."""

from __future__ import annotations

from makegood.conversations.actions.closing import wake_due
from makegood.jobs.recurring import every


@every(minutes=1)
def wake_snoozed() -> None:
    """What was put off until now is open again."""
    wake_due()
