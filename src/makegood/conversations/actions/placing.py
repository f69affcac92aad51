"""Where words stand: each in the conversation that its home is by now, and found by search under that one.

Merging, its undo and splitting all hold to this: a message's home (or its conversation, when it has none) leads by
`merged_into` to the conversation it stands in.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import batched

from django.db import OperationalError, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from makegood.conversations.actions import ordering
from makegood.conversations.models import Conversation, Draft, Message, Note, Participant
from makegood.conversations.queries.whereabouts import now_at
from makegood.search import index

AT_ONCE = 500  # of a statement's values
PAUSE_SECONDS, MOST_SECONDS = 0.02, 20.0


def in_turn(number: int) -> Conversation:
    """The conversation as it is now, or the one that it was merged into. Until the end nobody else writes in it."""
    found = Conversation.objects.select_for_update().get(pk=number)
    while found.merged_into_id:
        found = Conversation.objects.select_for_update().get(pk=found.merged_into_id)
    return found


def all_in_turn(numbers: Iterable[int]) -> dict[int, Conversation]:
    """Several at once. Nobody waits for what we have while we wait for the rest: we let it go meanwhile.

    Those who take in letters hold one conversation after the other, in the order in which they were written to.
    """
    until = time.monotonic() + MOST_SECONDS
    first, *others = sorted(set(numbers))
    rows = Conversation.objects.select_for_update()
    while True:
        found = {}
        try:
            with transaction.atomic():
                found[first] = rows.get(pk=first)
                for number in others:
                    found[number] = Conversation.objects.select_for_update(nowait=True).get(pk=number)
            return found
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(PAUSE_SECONDS)


def own(conversation: int) -> Q:
    """Of words: those that have their home there."""
    return Q(home=conversation) | Q(home=None, conversation=conversation)


def carry(source: Conversation, target: Conversation) -> None:
    """Everything written in the one stands in the other from now on, and knows where its home is."""
    for words in (Message, Note, Draft):
        words.objects.filter(conversation=source).update(home=Coalesce("home", "conversation"), conversation=target)


def part(words: type[Message] | type[Note], ids: Iterable[int], *, where: Q, **places: int | None) -> None:
    """Of these, those for which it holds get another home or place."""
    for some in batched(ids, AT_ONCE):
        words.objects.filter(where, pk__in=some).update(**places)


def settle(*conversations: Conversation) -> None:
    """What is found, shown and waited for in each, after words came or went."""
    for here in conversations:
        for kind, words in (("message", Message), ("note", Note)):
            index.place(kind, words.objects.filter(conversation=here).values("pk"), here.pk, here.inbox_id)
        ordering.refresh(here)
        if here.status in {Conversation.CLOSED, Conversation.MERGED} and here.waiting_since:
            here.waiting_since = None
            here.save(update_fields=["waiting_since"])
        _settle_trouble(here)


def _settle_trouble(here: Conversation) -> None:
    """Something did not arrive: the sign goes where that letter is."""
    failed = here.messages.filter(direction=Message.OUT, state=Message.FAILED, is_automatic=False)
    if here.is_trouble and not failed.exists():
        here.is_trouble = False
        here.save(update_fields=["is_trouble"])


def bring_people(source: Conversation, target: Conversation) -> list[str]:
    """Who takes part in the one does so in the other; says who did not before.

    They are unverified there, apart from the customer's own addresses: nobody is shown another's letters because
    somebody filed them together (trust.md, CC never widens access). They go on answering what was written where they
    did take part, see `receiving`.
    """
    known = Participant.objects.filter(conversation=target, email=OuterRef("email"))
    coming = list(source.participants.filter(~Exists(known)))
    customers = set(target.contact.handles.values_list("value", flat=True))
    Participant.objects.bulk_create(
        Participant(
            conversation=target, email=one.email, name=one.name, is_verified=one.is_verified and one.email in customers
        )
        for one in coming
    )
    return [one.email for one in coming]


def lead(source: Conversation, target: Conversation) -> None:
    """The one is merged from now on: its address, its token and its Message-IDs lead into the other."""
    source.status, source.merged_into, source.snoozed_until = Conversation.MERGED, target, None
    source.save(update_fields=["status", "merged_into", "snoozed_until"])
    carry(source, now_at(target.pk))
