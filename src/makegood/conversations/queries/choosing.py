"""Into which conversation one may be merged: the customer's others first, else what a search finds."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.agents.models import Agent
from makegood.conversations.models import Conversation
from makegood.conversations.queries.finding import by_number, find, understood
from makegood.conversations.queries.whereabouts import now_at
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
    hinted = _hinted(conversation, agent)
    unfit = {Conversation.HELD, Conversation.MERGED, *({Conversation.SPAM} - {conversation.status})}
    if words:
        numbered = by_number(words, agent)
        others = [numbered] if numbered else [one.conversation for one in find(understood(parse(words))[0], agent)]
    else:
        of_customer = Conversation.objects.visible_to(agent).filter(contact=conversation.contact_id)
        rows = of_customer.exclude(status__in=unfit).select_related("contact", "inbox").order_by("-last_at")
        others = [*hinted, *(one for one in rows[: SUGGESTED + 2] if one not in hinted)]
    fit = [one for one in others if one.status not in unfit and one.pk != conversation.pk]
    candidates = [Candidate(one, one in hinted, one.contact_id != conversation.contact_id) for one in fit]
    return Choice(words, candidates if words else candidates[:SUGGESTED])


def _hinted(conversation: Conversation, agent: Agent) -> list[Conversation]:
    """Where the one that it may belong to is by now."""
    if not conversation.may_belong_to_id:
        return []
    number = now_at(conversation.may_belong_to_id).pk
    return list(Conversation.objects.visible_to(agent).filter(pk=number).select_related("contact", "inbox"))
