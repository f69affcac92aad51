"""An agent follows a conversation, or no longer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from makegood.conversations.actions import following
from makegood.conversations.views.finding import back_to, find


@require_POST
def create(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.follow")
    following.follow(conversation, by=agent)
    return back_to(request, conversation.pk)


@require_POST
def destroy(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.follow")
    following.unfollow(conversation, by=agent)
    return back_to(request, conversation.pk)
