"""What a conversation is called."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from makegood.conversations.actions import renaming
from makegood.conversations.forms import SubjectForm
from makegood.conversations.views.finding import back_to, find
from makegood.conversations.views.sorting import valid


@require_POST
def update(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.rename")
    form = SubjectForm(request.POST)
    valid(form)
    renaming.rename(conversation, form.cleaned_data["subject"], by=agent)
    return back_to(request, conversation.pk)
