"""Into which conversation one may be merged: the customer's others first, else what a search finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from makegood.agents.models import Agent
from makegood.conversations.models import Conversation
from makegood.conversations.queries.finding import by_number, find, understood
from makegood.search.grammar import parse

SUGGESTED = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """`is_hinted`: by what the letter itself names. `is_anothers`: another customer's."""

    conversation: Conversation
    is_hinted: bool
    is_anothers: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """Those to choose from; `q`: the words that were searched for."""

    q: str
    candidates: list[Candidate]


def choice_for(conversation: Conversation, agent: Agent, q: str) -> Choice:
    """As far as the agent may see; without what is held back or merged, and without spam unless this is spam."""
    words = q.strip()[:500]
    others: Iterable[Conversation]
    if words:
        numbered = by_number(words, agent)
        found = [numbered] if numbered else [one.conversation for one in find(understood(parse(words))[0], agent)]
        others = found
    else:
        seen = Conversation.objects.visible_to(agent)
        hinted = seen.filter(pk=conversation.may_belong_to_id or 0)
        others = (hinted | seen.filter(contact=conversation.contact_id)).exclude(pk=conversation.pk)
        others = others.exclude(status=Conversation.MERGED).select_related("contact", "inbox").order_by("-last_at")
    unfit = {Conversation.HELD, Conversation.MERGED, *({Conversation.SPAM} - {conversation.status})}
    fit = [one for one in others[: 4 * SUGGESTED] if one.status not in unfit and one.pk != conversation.pk]
    hint = conversation.may_belong_to_id
    candidates = [Candidate(one, one.pk == hint, one.contact_id != conversation.contact_id) for one in fit]
    candidates.sort(key=lambda candidate: not candidate.is_hinted)
    return Choice(words, candidates if words else candidates[:SUGGESTED])
