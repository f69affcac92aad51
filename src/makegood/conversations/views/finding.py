"""How every view finds its conversation: allowed verb first, then only what the agent may see."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from makegood.agents.models import Agent
from makegood.agents.policy import require
from makegood.conversations.models import Conversation
from makegood.inboxes.queries import opened_by


def find(request: HttpRequest, number: int, verb: str) -> tuple[Agent, Conversation]:
    """The agent and the conversation; 403 when the role does not allow it, 404 when the inbox is not theirs."""
    agent = require(request.user, verb)
    rows = Conversation.objects.visible_to(agent).select_related("contact__company")
    conversation = get_object_or_404(rows, pk=number)
    conversation.inbox = next(inbox for inbox in opened_by(agent) if inbox.pk == conversation.inbox_id)
    return agent, conversation
