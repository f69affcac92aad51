"""What a timeline tells of merges and splits. Each asks only where there are some."""

from __future__ import annotations

from collections.abc import Iterable

from makegood.agents.models import Agent
from makegood.agents.policy import can
from makegood.conversations.entries import Regrouped
from makegood.conversations.models import Conversation, Merge, Split
from makegood.conversations.queries.whereabouts import merged_under
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.telling import TOLD

NEWEST = 100
OF_ITS_OWN = {"conversation.merged", "conversation.unmerged"}  # the other tells the same
TOLD_THERE = tuple(name for name, told in TOLD.items() if told.here and name not in OF_ITS_OWN)


def events_of_merged(conversation_id: int, events: Iterable[LoggedEvent]) -> list[LoggedEvent]:
    """What happened to the conversations that stand in this one."""
    if not any(event.name in {"conversation.took_in", "conversation.rejoined"} for event in events):
        return []
    told = LoggedEvent.objects.filter(conversation_id__in=merged_under(conversation_id), name__in=TOLD_THERE)
    return list(told.order_by("-id")[:NEWEST])


def regrouped_in(events: Iterable[LoggedEvent], viewer: Agent) -> Regrouped:
    """Names and what can be taken back, as far as the viewer may see both conversations."""
    told = [event.data for event in events if event.data.get("other_id")]
    if not told:
        return Regrouped()
    others = Conversation.objects.visible_to(viewer).filter(pk__in={facts["other_id"] for facts in told})
    subjects = {pk: (subject, status) for pk, subject, status in others.values_list("pk", "subject", "status")}
    apart = frozenset(pk for pk, (_, status) in subjects.items() if status != Conversation.MERGED)
    names = {pk: subject for pk, (subject, _) in subjects.items()}
    if not can(viewer, "conversation.merge"):
        return Regrouped(names, apart)
    merges = {facts["merge_id"] for facts in told if facts.get("merge_id") and facts["other_id"] in names}
    splits = {facts["split_id"] for facts in told if facts.get("split_id") and facts["other_id"] in names}
    return Regrouped(
        names,
        apart,
        frozenset(Merge.objects.filter(pk__in=merges, undone_at=None).values_list("pk", flat=True) if merges else ()),
        frozenset(Split.objects.filter(pk__in=splits, undone_at=None).values_list("pk", flat=True) if splits else ()),
    )
