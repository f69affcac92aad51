"""The hint that a conversation may belong to another one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from makegood.conversations.actions import telling_apart
from makegood.conversations.views.finding import back_to, find


@require_POST
def destroy(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.merge")
    telling_apart.tell_apart(conversation, by=agent)
    return back_to(request, conversation.pk)
