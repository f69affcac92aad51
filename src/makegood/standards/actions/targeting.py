"""How soon we answer is said, or left to the more general target."""

from __future__ import annotations

from makegood.agents.models import Agent, Team
from makegood.eventlog.recording import action, record
from makegood.inboxes.models import Inbox
from makegood.standards.events import TargetChanged, TargetRemoved
from makegood.standards.models import AnswerTarget


@action
def set_target(*, inbox: Inbox | None, team: Team | None, first: str, following: str, by: Agent) -> AnswerTarget:
    """`first` and `following`: words of `targets.KNOWN`."""
    words = {"first": first, "following": following}
    target, _ = AnswerTarget.objects.update_or_create(inbox=inbox, team=team, defaults=words)
    record(TargetChanged(inbox_id=target.inbox_id, team_id=target.team_id, scope=target.inbox_id), by=by.actor)
    return target


@action
def remove_target(target: AnswerTarget, *, by: Agent) -> None:
    """Nothing special holds there any more."""
    if AnswerTarget.objects.filter(pk=target.pk).delete()[0]:
        record(TargetRemoved(inbox_id=target.inbox_id, team_id=target.team_id, scope=target.inbox_id), by=by.actor)
