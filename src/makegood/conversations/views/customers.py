"""What is decided about a conversation's customer: blocked or not, a form that writes for others or not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from makegood.contacts.actions import blocking
from makegood.conversations.actions import speaking_for
from makegood.conversations.views.finding import back_to, find


@require_POST
def block(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "contact.block")
    blocking.block(conversation.contact, by=agent.actor, conversation_id=number, scope=conversation.inbox_id)
    return back_to(request, number)


@require_POST
def unblock(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "contact.block")
    blocking.unblock(conversation.contact, by=agent.actor, conversation_id=number, scope=conversation.inbox_id)
    return back_to(request, number)


@require_POST
def speak_for_customers(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "contact.edit")
    speaking_for.speak_for_customers(conversation, by=agent)
    return back_to(request, number)


@require_POST
def speak_for_itself(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "contact.edit")
    speaking_for.speak_for_itself(conversation, by=agent)
    return back_to(request, number)
