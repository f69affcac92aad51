"""At closing time a team hands what waits to the next one: follow the sun."""

from __future__ import annotations

from datetime import datetime, timedelta

from makegood.agents.models import WorkingHours
from makegood.agents.queries import hours_of
from makegood.clock.hours import Hours
from makegood.clock.now import now
from makegood.conversations.actions.assigning import hand_over
from makegood.conversations.models import Conversation
from makegood.eventlog.recording import action
from makegood.inboxes.queries import inboxes_open_to

AT_ONCE = 200


@action
def hand_over_closed(hours_id: int) -> int:
    """What waits for a team that has closed since the last look: once for each closing, in steps; says how many."""
    row = WorkingHours.objects.select_for_update(of=("self",)).select_related("team", "hands_to").get(pk=hours_id)
    moment = now()
    if row.team is None or row.hands_to is None or not _has_closed(hours_of(row.team_id), row.handed_at, moment):
        return 0
    # Only what the next team may open: what it cannot see would be lost to everybody.
    waiting = Conversation.objects.filter(
        team=row.team_id, status=Conversation.OPEN, waiting_since__isnull=False, inbox__in=inboxes_open_to(row.hands_to)
    )
    # What somebody writes in just now comes at the next look: who holds many must wait for none.
    free = waiting.select_for_update(skip_locked=True, of=("self",)).order_by("waiting_since", "pk")
    handed = list(free[:AT_ONCE])
    for conversation in handed:
        hand_over(conversation, to=row.hands_to)
    if not waiting.exists():
        row.handed_at = moment
        row.save(update_fields=["handed_at"])
    return len(handed)


def _has_closed(hours: Hours, since: datetime | None, moment: datetime) -> bool:
    """Whether work ended in that time, and has not begun again."""
    if since is None or hours.opens(moment) == moment:
        return False
    begin = max(since, moment - timedelta(days=2))
    return any(since < ends <= moment for _begins, ends in _until(hours, begin, moment))


def _until(hours: Hours, begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    day, last = hours.day_of(begin), hours.day_of(end)
    days = [day + timedelta(days=number) for number in range((last - day).days + 1)]
    return [span for one in days for span in hours.spans(one)]
