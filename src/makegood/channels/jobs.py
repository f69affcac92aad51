"""What every channel needs done: files that belong to nothing are swept, older mail is shown by newer rules."""

from __future__ import annotations

from makegood.channels import display, intake
from makegood.jobs.recurring import every


@every(cron="25 3 * * *")
def sweep_files() -> None:
    """Bytes whose row was never committed."""
    intake.sweep_files()


@every(minutes=1)
def renew_forms() -> None:
    """After an upgrade with new rules for what of a mail is shown."""
    display.renew_forms(seconds=40)
