"""A reply or note is written; a reply may be called back."""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from makegood.agents.models import Agent
from makegood.agents.policy import require
from makegood.conversations.actions.attaching import attach_to_draft, detach
from makegood.conversations.actions.closing import close
from makegood.conversations.actions.drafting import draft_for, save_draft
from makegood.conversations.actions.forwarding import forward
from makegood.conversations.actions.noting import write_note
from makegood.conversations.actions.replying import reply, undo
from makegood.conversations.errors import Held
from makegood.conversations.forms import DraftForm, WritingForm
from makegood.conversations.models import Conversation, Draft, Message
from makegood.conversations.queries.newer import messages_said
from makegood.conversations.queries.writing import Composer
from makegood.conversations.views.conversations import page_context
from makegood.conversations.views.finding import back_to, find
from makegood.errors import NotAllowed, Refused


@require_POST
def create(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.note")
    form = WritingForm(request.POST, request.FILES)
    held = None
    try:
        if form.is_valid():
            _write(conversation, form, agent)
            return back_to(request, number)
    except NotAllowed:
        raise  # a 403, whatever was typed
    except Held as asked:
        held = asked
        _keep_draft(request, conversation, agent)
    except Refused as refused:
        form.add_error(None, str(refused))
    context = page_context(request, agent, conversation) | {"form": form, "held": held}
    if held and held.newer:
        context["newer"] = messages_said(held.newer)
    composer = context["composer"]
    assert isinstance(composer, Composer)
    context["composer"] = as_typed(composer, form, held)
    return render(request, "conversations/show.html", context, status=422)


@require_POST
def detach_file(request: HttpRequest, number: int, key: uuid.UUID, file: uuid.UUID) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.note")
    draft = get_object_or_404(Draft, key=key, agent=agent, conversation=conversation)
    get_object_or_404(draft.attachments, file_id=file)
    detach(draft, file)
    return back_to(request, number)


@require_POST
def forwarded(request: HttpRequest, number: int, message: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.start")
    draft = forward(get_object_or_404(Message, pk=message, conversation=conversation), by=agent)
    return redirect(f"{reverse('conversation-new')}?draft={draft.key}")


@require_POST
def destroy(request: HttpRequest, number: int, message: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.reply")
    undo(get_object_or_404(Message, pk=message, conversation=conversation, agent=agent), by=agent)
    return back_to(request, number)


def _write(conversation: Conversation, form: WritingForm, agent: Agent) -> None:
    given = form.cleaned_data
    if given["mode"] != "note":
        require(agent, "conversation.reply")
    if given["uploads"] and (draft := draft_for(conversation, given["key"], by=agent)):
        attach_to_draft(draft, given["uploads"])
    if given["mode"] == "note":
        write_note(conversation, given["text"], key=given["key"], by=agent)
        return
    reply(conversation, form.letter(), by=agent)
    if form.closes():
        close(conversation, by=agent)


def _keep_draft(request: HttpRequest, conversation: Conversation, agent: Agent) -> None:
    """Whoever closes the page instead of answering finds it again, also without scripts."""
    form = DraftForm(request.POST)
    if form.is_valid():
        save_draft(conversation, form.cleaned_data, by=agent)


def as_typed(composer: Composer, form: WritingForm, held: Held | None) -> Composer:
    """What was refused, as it was typed and under its own key, so that its draft goes with it in the end.

    Seen is what it is held for, and nothing else that the page shows by the way.
    """
    typed = {name: form.data.get(name, "") for name in ("mode", "text", "to", "cc", "bcc")}
    seen = max(held.newer) if held and held.newer else form.cleaned_data.get("seen")
    key = form.cleaned_data.get("key") or composer.key
    return replace(composer, key=key, seen=composer.seen if seen is None else seen, **typed)
