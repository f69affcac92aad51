"""A conversation goes to another inbox."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from makegood.conversations.actions import moving
from makegood.conversations.forms import MoveForm
from makegood.conversations.views.finding import back_to, find
from makegood.conversations.views.sorting import valid


@require_POST
def create(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.move")
    form = MoveForm(request.POST, agent=agent)
    valid(form)
    moving.move(conversation, to=form.cleaned_data["inbox"], by=agent)
    return back_to(request, conversation.pk)
