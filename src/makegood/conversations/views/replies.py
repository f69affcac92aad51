"""A reply or note is written; a reply may be called back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from makegood.agents.policy import require
from makegood.conversations.actions.closing import close
from makegood.conversations.actions.noting import write_note
from makegood.conversations.actions.replying import reply, undo
from makegood.conversations.forms import WritingForm
from makegood.conversations.models import Message
from makegood.conversations.views.conversations import page_context
from makegood.conversations.views.finding import find
from makegood.errors import Refused


@require_POST
def create(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.note")
    form = WritingForm(request.POST)
    try:
        if form.is_valid() and form.cleaned_data["mode"] == "note":
            write_note(conversation, form.cleaned_data["text"], key=form.cleaned_data["key"], by=agent)
            return redirect("conversation", number)
        require(agent, "conversation.reply")
        if form.is_valid():
            reply(conversation, form.letter(), by=agent)
            if form.cleaned_data["after"] == "close":
                close(conversation, by=agent)
            return redirect("conversation", number)
    except Refused as refused:
        form.add_error(None, str(refused))
    context = page_context(request, agent, conversation) | {"form": form}
    return render(request, "conversations/show.html", context, status=422)


@require_POST
def destroy(request: HttpRequest, number: int, message: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.reply")
    undo(get_object_or_404(Message, pk=message, conversation=conversation, agent=agent), by=agent)
    return redirect("conversation", number)
