"""A new conversation: its form, which may go on from a draft."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from makegood.agents.models import Agent
from makegood.agents.policy import require
from makegood.conversations.actions.attaching import attach_to_draft, detach
from makegood.conversations.actions.drafting import draft_for
from makegood.conversations.actions.replying import begin
from makegood.conversations.errors import Held
from makegood.conversations.forms import NewConversationForm
from makegood.conversations.models import Draft
from makegood.conversations.queries.beginning import parts_of
from makegood.conversations.views.finding import number_in
from makegood.errors import Refused


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "conversation.start")
    draft = _draft(request, agent)
    given_in = (request.POST, request.FILES) if request.method == "POST" else ()
    form = NewConversationForm(*given_in, agent=agent, initial=_initial(request, draft))
    held = None
    if "take_off" in request.POST:
        form = _without_file(request, form, agent, draft)
    elif form.is_valid():
        given = form.cleaned_data
        if given["uploads"] and (draft := draft or draft_for(None, given["key"], by=agent)):
            attach_to_draft(draft, given["uploads"])
        try:
            message = begin(given["inbox"], form.letter(), by=agent)
            return redirect("conversation", message.conversation_id)
        except Held as asked:
            held = asked
        except Refused as refused:
            form.add_error(None, str(refused))
    context = _new_context(form, agent, draft) | {"held": held}
    return render(request, "conversations/new.html", context, status=422 if form.errors or held else 200)


def _without_file(
    request: HttpRequest, form: NewConversationForm, agent: Agent, draft: Draft | None
) -> NewConversationForm:
    """The form as it was typed, not yet judged, without one file of its draft; files chosen meanwhile are on it."""
    try:
        file_id = uuid.UUID(request.POST["take_off"])
    except ValueError as error:
        raise Http404 from error
    if draft is None:
        raise Http404
    form.is_valid()
    attach_to_draft(draft, form.cleaned_data.get("uploads") or [])
    detach(draft, get_object_or_404(draft.attachments, file_id=file_id).file_id)
    return NewConversationForm(agent=agent, initial=request.POST.dict())


def _new_context(form: NewConversationForm, agent: Agent, draft: Draft | None) -> dict[str, object]:
    return {
        "form": form,
        "files": draft.attachments.select_related("file") if draft else [],
        "parts": parts_of(form.inboxes, agent, form["inbox"].value()),
    }


def _draft(request: HttpRequest, agent: Agent) -> Draft | None:
    """The agent's own draft that the address names, such as a message to forward."""
    try:
        key = uuid.UUID(request.POST.get("key") or request.GET.get("draft", ""))
    except ValueError:
        return None
    return Draft.objects.visible_to(agent).filter(key=key, conversation=None).first()


def _initial(request: HttpRequest, draft: Draft | None) -> dict[str, object]:
    if draft is None:
        return {"to": request.GET.get("to", ""), "origin": number_in(request.GET.get("from"))}
    return {
        "key": draft.key,
        "origin": draft.origin_id,
        "inbox": draft.inbox_id,
        "to": draft.to,
        "subject": draft.subject,
        "text": draft.text,
    }
