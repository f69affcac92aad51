"""What is kept about people by itself."""

from __future__ import annotations

import logging
import subprocess

from makegood.agents.actions.keeping_hours import renew_holidays
from makegood.agents.models import WorkingHours
from makegood.clock.now import now
from makegood.clock.public_holidays import holidays_ahead
from makegood.jobs.recurring import every

log = logging.getLogger(__name__)


@every(cron="47 2 * * 1")
def know_holidays() -> None:
    """Another year has come near, or an upgrade has brought a newer calendar."""
    for hours in WorkingHours.objects.exclude(country=""):
        try:
            holidays = holidays_ahead(hours.country, hours.region, now().year, hours.language)
        except subprocess.SubprocessError:
            log.exception("the holidays of %s %s are not known any more", hours.country, hours.region)
        else:
            renew_holidays(hours, holidays)
