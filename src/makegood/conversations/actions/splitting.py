"""A message and all that came after it become a conversation of their own, and come back when that was a mistake."""

from __future__ import annotations

from django.db.models import Q

from makegood.agents.models import Agent
from makegood.clock.now import now
from makegood.conversations.actions import placing
from makegood.conversations.actions.releasing import refuse_held
from makegood.conversations.errors import MergedInto, MergedMeanwhile, NothingBefore
from makegood.conversations.events import (
    ConversationMerged,
    ConversationOpened,
    ConversationRejoined,
    ConversationSplit,
    ConversationSplitOff,
)
from makegood.conversations.models import Conversation, Message, Note, Parted, Participant, Split
from makegood.conversations.queries.whereabouts import now_at
from makegood.eventlog.recording import action, record


@action
def split(message: Message, *, by: Agent) -> Split:
    """From this message on: the new conversation is of who wrote it, or of the same customer when that is us.

    Drafts stay. Letters that wait go along and leave as they were written.
    """
    here = placing.in_turn(message.conversation_id)
    refuse_held(here)
    first = here.messages.filter(pk=message.pk).first()
    if first is None:
        raise MergedMeanwhile
    since = Q(at__gt=first.at) | Q(at=first.at, pk__gte=first.pk)
    if not here.messages.exclude(since).exists():
        raise NothingBefore
    apart = _begin(first, here)
    row = Split.objects.create(source=here, target=apart, agent=by, at=now())
    _part(row, "message", list(here.messages.filter(since)))
    _part(row, "note", list(here.notes.filter(at__gt=first.at)))
    _add_participants(apart, here)
    apart.is_trouble = here.is_trouble
    apart.save(update_fields=["is_trouble"])
    placing.settle(here, apart)
    record(ConversationOpened(**apart.ids), by=by.actor)
    record(ConversationSplit(other_id=apart.pk, split_id=row.pk, **here.ids), by=by.actor)
    record(ConversationSplitOff(other_id=here.pk, split_id=row.pk, **apart.ids), by=by.actor)
    return row


@action
def undo_split(row: Split, *, by: Agent) -> None:
    """What was taken along goes back to where it had its home; what was written in it since comes along."""
    homes = set(row.parted.values_list("home", flat=True))
    goals = {number: now_at(number).pk for number in {*homes, row.source_id}}
    there = now_at(row.target_id)
    rows = placing.all_in_turn([row.target_id, there.pk, *goals.values()])
    if not Split.objects.filter(pk=row.pk, undone_at=None).update(undone_at=now()):
        return
    apart, goal = rows[row.target_id], rows[goals[row.source_id]]
    if now_at(row.target_id) != there or any(now_at(number).pk != goals[number] for number in goals):
        raise MergedMeanwhile
    if goal.pk == apart.pk:
        raise MergedInto
    goal.is_trouble = goal.is_trouble or rows[there.pk].is_trouble
    goal.save(update_fields=["is_trouble"])
    for number in homes:
        _put_back(row, number, rows[goals[number]])
    if not apart.merged_into_id:
        placing.bring_people(apart, goal)
        placing.lead(apart, row.source)
        record(ConversationMerged(other_id=goal.pk, **apart.ids), by=by.actor)
    placing.settle(*rows.values())
    record(ConversationRejoined(other_id=apart.pk, **goal.ids), by=by.actor)


def _begin(first: Message, here: Conversation) -> Conversation:
    return Conversation.objects.create(
        inbox_id=here.inbox_id,
        contact_id=(first.contact_id if first.direction == Message.IN else None) or here.contact_id,
        team_id=here.team_id,
        assignee_id=here.assignee_id,
        subject=first.subject or here.subject,
        created_at=first.at,
        last_at=first.at,
    )


def _part(row: Split, kind: str, words: list[Message] | list[Note]) -> None:
    """They have their home in the new conversation; where it was is written down."""
    Parted.objects.bulk_create(
        Parted(split=row, home_id=one.home_id or row.source_id, **{f"{kind}_id": one.pk}) for one in words
    )
    model = Message if kind == "message" else Note
    placing.part(model, [one.pk for one in words], where=Q(), conversation=row.target_id, home=None)


def _put_back(row: Split, home: int, goal: Conversation) -> None:
    """What has its home here gets the former one. What a later split took on from here knows it from now on."""
    apart = row.target_id
    later = Parted.objects.filter(split__undone_at=None, home=apart)
    for kind, model in (("message", Message), ("note", Note)):
        taken = row.parted.filter(home_id=home).exclude(**{kind: None})
        ids = list(taken.values_list(f"{kind}_id", flat=True))
        placing.part(model, ids, where=placing.own(apart), conversation=goal.pk, home=home)
        later.filter(**{f"{kind}__in": ids}).update(home_id=home)


def _add_participants(apart: Conversation, here: Conversation) -> None:
    """Who wrote what went along or was written to, as sure as they were.

    A stranger whose conversation it is now is sure where nothing in it is of others: nobody is shown more than they
    had (trust.md, CC never widens access).
    """
    sure = dict(here.participants.values_list("email", "is_verified"))
    people: dict[str, str] = {}
    strangers = set()
    said = apart.messages.filter(is_automatic=False)
    for message in said.only("direction", "from_name", "from_email", "contact_id", "to", "cc", "bcc"):
        if message.direction == Message.IN:
            people.setdefault(message.from_email.lower(), message.from_name)
            strangers.add(message.contact_id)
            continue
        for name, email in [*message.to, *message.cc, *message.bcc]:
            people.setdefault(email.lower(), name)
    own = set(apart.contact.handles.values_list("value", flat=True)) if strangers == {apart.contact_id} else set()
    Participant.objects.bulk_create(
        Participant(
            conversation=apart, email=email, name=name[:200], is_verified=sure.get(email, False) or email in own
        )
        for email, name in people.items()
        if email
    )
