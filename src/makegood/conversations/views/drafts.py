"""What is being written is saved within two seconds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from makegood.conversations.actions.drafting import save_draft
from makegood.conversations.forms import DraftForm
from makegood.conversations.views.finding import find


@require_POST
def update(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.note")
    form = DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    save_draft(conversation, form.cleaned_data, by=agent)
    return HttpResponse(status=204)
