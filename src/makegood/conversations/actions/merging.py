"""A conversation goes into another one, and comes back out when that was a mistake."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from makegood.agents.models import Agent
from makegood.clock.now import now
from makegood.conversations.actions import closing, placing
from makegood.conversations.actions.releasing import refuse_held
from makegood.conversations.errors import IntoItself, IntoSpam, MergedMeanwhile
from makegood.conversations.events import (
    ConversationGaveBack,
    ConversationMerged,
    ConversationTookIn,
    ConversationUnmerged,
)
from makegood.conversations.models import Conversation, Draft, Follow, Merge, Message, Note, Participant, Split, Tag
from makegood.conversations.queries.whereabouts import merged_under, now_at
from makegood.eventlog.recording import action, record

OPEN, SNOOZED, CLOSED = Conversation.OPEN, Conversation.SNOOZED, Conversation.CLOSED
REOPENING = {(OPEN, CLOSED), (OPEN, SNOOZED), (SNOOZED, CLOSED)}  # what was still to be done is not put out of sight
TAGGED = Tag.conversations.through._default_manager


@action
def merge(source: Conversation, *, into: Conversation, by: Agent) -> Merge:
    """All that was written in the one stands in the other, and whoever writes to the one writes to the other.

    The other keeps its inbox, its customer, its subject and whose it is. Raises `MergedMeanwhile` when one of them
    is not to be found where it was.
    """
    if source.pk == into.pk:
        raise IntoItself
    rows = placing.all_in_turn([source.pk, into.pk])
    here, there = rows[source.pk], rows[into.pk]
    _refuse_unfit(here, there)
    merged = Merge.objects.create(
        source=here, target=there, agent=by, at=now(), status=here.status, snoozed_until=here.snoozed_until,
        **_bring(here, there),
    )  # fmt: skip
    if (here.status, there.status) in REOPENING:
        merged.has_reopened = there.status == CLOSED
        merged.save(update_fields=["has_reopened"])
        closing.reopen(there, by=by)
    there.is_trouble = there.is_trouble or here.is_trouble
    if there.may_belong_to_id in {here.pk, *merged_under(here.pk)}:
        there.may_belong_to = None  # it is answered
    there.save(update_fields=["is_trouble", "may_belong_to"])
    waits = [one.waiting_since for one in (here, there) if one.waiting_since]
    placing.lead(here, there)
    placing.settle(here, there)
    # Whoever waited for one of the two goes on waiting: what the other was answered is no answer to them.
    there.waiting_since = min(waits) if waits and there.status != CLOSED else None
    there.save(update_fields=["waiting_since"])
    record(ConversationMerged(other_id=there.pk, **here.ids), by=by.actor)
    record(ConversationTookIn(other_id=here.pk, merge_id=merged.pk, **there.ids), by=by.actor)
    return merged


@action
def undo_merge(merged: Merge, *, by: Agent) -> None:
    """What came with it goes back; what was written since stays. Undone twice it is undone once."""
    there = now_at(merged.target_id)
    origin, goal = _origin_of(merged.source), goal_of(merged)
    rows = placing.all_in_turn([merged.source_id, there.pk, goal.pk])
    source, there, goal = rows[merged.source_id], rows[there.pk], rows[goal.pk]
    if not Merge.objects.filter(pk=merged.pk, undone_at=None).update(undone_at=now()):
        return
    if now_at(merged.target_id) != there or (origin and now_at(origin.pk) != goal):
        raise MergedMeanwhile
    coming = {source.pk, *merged_under(source.pk)}
    source.merged_into, source.status, source.snoozed_until = origin, merged.status, merged.snoozed_until
    if origin:
        source.status, source.snoozed_until = Conversation.MERGED, None
    source.save(update_fields=["merged_into", "status", "snoozed_until"])
    for words in (Message, Note, Draft):
        words.objects.filter(conversation=there, home__in=coming).update(conversation=goal)
    _take_back(merged)
    goal.is_trouble = goal.is_trouble or there.is_trouble
    goal.save(update_fields=["is_trouble"])
    placing.settle(*rows.values())
    if merged.has_reopened and there.pk == merged.target_id and there.waiting_since is None:
        closing.close(there, by=by)
    record(ConversationUnmerged(other_id=there.pk, **source.ids), by=by.actor)
    record(ConversationGaveBack(other_id=source.pk, **there.ids), by=by.actor)


def goal_of(merged: Merge) -> Conversation:
    """Where what came with it goes when it is undone: back, or where a split that was undone put it."""
    origin = _origin_of(merged.source)
    return now_at(origin.pk) if origin else merged.source


def _refuse_unfit(here: Conversation, there: Conversation) -> None:
    for one in (here, there):
        refuse_held(one)
        if one.merged_into_id:
            raise MergedMeanwhile
    if there.status == Conversation.SPAM != here.status:
        raise IntoSpam


def _bring(here: Conversation, there: Conversation) -> dict[str, list[str] | list[int]]:
    """People, tags and followers; those of the one stay with it, for the day it comes back."""
    of_there, of_here = TAGGED.filter(conversation_id=there.pk), TAGGED.filter(conversation_id=here.pk)
    tags = list(of_here.exclude(tag_id__in=of_there.values("tag_id")).values_list("tag_id", flat=True))
    through = Tag.conversations.through
    TAGGED.bulk_create([through(tag_id=one, conversation_id=there.pk) for one in tags], ignore_conflicts=True)
    known = Follow.objects.filter(conversation=there).values("agent_id")
    followers = Follow.objects.filter(conversation=here).exclude(agent_id__in=known)
    agents = list(followers.values_list("agent_id", flat=True))
    Follow.objects.bulk_create(
        [Follow(agent_id=one, conversation=there, at=now()) for one in agents], ignore_conflicts=True
    )
    return {"people": placing.bring_people(here, there), "tags": tags, "followers": agents}


def _take_back(merged: Merge) -> None:
    """What it brought, also from where that was merged on to; but not whoever takes part there by now, nor what
    another that stands there brings as well.
    """
    people, tags, followers = set(merged.people), set(merged.tags), set(merged.followers)
    step: Merge | None = merged
    while step is not None:
        people, tags, followers = people & set(step.people), tags & set(step.tags), followers & set(step.followers)
        target, others = step.target, merged_under(step.target_id)
        keep = _writing_in(target) | _values(Participant.objects.filter(conversation__in=others), "email")
        target.participants.filter(email__in=people - keep).delete()
        keep = _values(TAGGED.filter(conversation_id__in=others), "tag_id")
        TAGGED.filter(conversation_id=target.pk, tag_id__in=tags - keep).delete()
        keep = _values(Follow.objects.filter(conversation__in=others), "agent_id")
        Follow.objects.filter(conversation=target, agent_id__in=followers - keep).delete()
        step = Merge.objects.filter(source=target, undone_at=None).select_related("target").first()


def _values(rows: QuerySet[Any], column: str) -> set[Any]:
    return set(rows.values_list(column, flat=True))


def _writing_in(conversation: Conversation) -> set[str]:
    """Who has written here, or was written to by us."""
    said = conversation.messages.values_list("direction", "from_email", "to", "cc", "bcc")
    return {
        email.lower()
        for direction, sender, *fields in said
        for email in ([sender] if direction == Message.IN else [email for pairs in fields for _, email in pairs])
    }


def _origin_of(source: Conversation) -> Conversation | None:
    """Where a conversation that was split off belongs since that was undone, unless that one stands in it."""
    split = Split.objects.filter(target=source).exclude(undone_at=None).select_related("source").first()
    if split is None or split.source_id in merged_under(source.pk):
        return None
    return split.source
