"""How every view finds its conversation: allowed verb first, then only what the agent may see."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from makegood.agents.models import Agent
from makegood.agents.policy import can, require
from makegood.conversations.models import Conversation
from makegood.database.selecting import kept
from makegood.inboxes.queries import opened_by, scopes_of


def find(request: HttpRequest, number: int, verb: str) -> tuple[Agent, Conversation]:
    """The agent and the conversation; 403 when the role does not allow it, 404 when the inbox is not theirs."""
    agent = require(request.user, verb)
    found = _visible(number, tuple(scopes_of(agent)), can(agent, "conversation.release"))
    if not found:
        raise Http404
    (conversation,) = found
    conversation.inbox = next(inbox for inbox in opened_by(agent) if inbox.pk == conversation.inbox_id)
    return agent, conversation


@kept
def _visible(number: int, scopes: tuple[int, ...], may_release: bool) -> QuerySet[Conversation]:
    """As `visible_to` has it."""
    rows = Conversation.objects.shown_within(scopes, held=may_release)
    return rows.filter(pk=number).select_related("contact__company")
