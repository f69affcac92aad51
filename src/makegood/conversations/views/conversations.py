"""The list of conversations, one conversation, and a new one."""

from __future__ import annotations

import math
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from makegood.agents.models import Agent
from makegood.agents.policy import can, require
from makegood.agents.queries import by_name
from makegood.clock.now import now
from makegood.conversations.actions.attaching import attach_to_draft
from makegood.conversations.actions.drafting import draft_for
from makegood.conversations.actions.replying import begin
from makegood.conversations.errors import Held
from makegood.conversations.forms import NewConversationForm, SnoozeForm
from makegood.conversations.models import Conversation, Draft, Message, Tag
from makegood.conversations.queries.beginning import parts_of
from makegood.conversations.queries.listing import older_url, page_of
from makegood.conversations.queries.panel import panel_of, tags_of
from makegood.conversations.queries.shelves import Shelf
from makegood.conversations.queries.timeline import timeline_of
from makegood.conversations.queries.writing import composer_of
from makegood.conversations.quoting import signature_under
from makegood.conversations.views.finding import find, number_in, shelf_of
from makegood.errors import Refused
from makegood.inboxes.queries import opened_by

TITLES = {
    "open": gettext_lazy("Open"), "mine": gettext_lazy("Mine"), "nobody": gettext_lazy("Nobody’s yet"),
    "snoozed": gettext_lazy("Snoozed"), "closed": gettext_lazy("Closed"), "spam": gettext_lazy("Spam"),
    "held": gettext_lazy("Held back"),
}  # fmt: skip


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "conversation.read")
    context = _list(request, agent)
    template = "conversations/index.html"
    return render(request, f"{template}#rows" if _is_fragment(request) else template, context)


@require_GET
def show(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.read")
    if request.GET.get("part") == "standing":
        return render(
            request, "conversations/_header.html#standing", _standing(request, agent, conversation, tags_of(number))
        )
    context = page_context(request, agent, conversation)
    if request.GET.get("part") == "timeline":
        return render(request, "conversations/show.html#timeline", context)
    return render(request, "conversations/show.html", context)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "conversation.start")
    draft = _draft(request, agent)
    given_in = (request.POST, request.FILES) if request.method == "POST" else ()
    form = NewConversationForm(*given_in, agent=agent, initial=_initial(request, draft))
    held = None
    if form.is_valid():
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


def page_context(request: HttpRequest, agent: Agent, conversation: Conversation) -> dict[str, object]:
    """The page of one conversation, also for the views that answer with it after a refused form."""
    agents = {one.pk: one for one in by_name()}
    tags = tags_of(conversation.pk)
    entries = timeline_of(conversation, agents, agent, tags)
    newest = [entry.message for entry in reversed(entries) if entry.message]
    conversation.assignee = agents.get(conversation.assignee_id or 0)
    composer = composer_of(conversation, agent, newest)
    return _standing(request, agent, conversation, tags) | {
        "entries": entries,
        "agents": [one for one in agents.values() if one.is_active],
        "panel": panel_of(conversation, newest),
        "composer": composer,
        "signature": signature_under(conversation.inbox, agent),
        "undo_seconds": _seconds_left(composer.undoable),
        "download_word": _("Download the original"),
        "forward_word": _("Forward"),
        "snoozes": SnoozeForm.CHOICES,
        "can_answer": can(agent, "conversation.reply") and conversation.status != Conversation.HELD,
    }


def _seconds_left(waiting: Message | None) -> int:
    """Until a letter leaves: a page that is opened again goes on counting where it was."""
    left = (waiting.send_at - now()).total_seconds() if waiting and waiting.send_at else 0
    return max(math.ceil(left), 1)


def _standing(request: HttpRequest, agent: Agent, conversation: Conversation, tags: list[Tag]) -> dict[str, object]:
    """Whose it is, where it stands and how it is tagged: the head of the page, which follows what others do."""
    return _list_context(request, agent) | {
        "conversation": conversation,
        "status_word": dict(TITLES).get(conversation.status, ""),
        "assignee": conversation.assignee,
        "tags": tags,
        "can_sort": can(agent, "conversation.close") and conversation.status != Conversation.HELD,
        "can_block": can(agent, "contact.block"),
        "can_edit_customer": can(agent, "contact.edit"),
    }


def _list_context(request: HttpRequest, agent: Agent) -> dict[str, object]:
    """What the list beside a conversation needs; its rows come by themselves, so the page does not wait for them."""
    shelf = shelf_of(request)
    names = {inbox.pk: inbox.name for inbox in opened_by(agent)}
    return {
        "shelf": shelf,
        "rows": None,
        "list_title": names.get(shelf.inbox or 0) or TITLES[shelf.name],
        "list_url": f"{reverse('conversations')}?{shelf.query}",
        "can_start": can(agent, "conversation.start"),
        "waiting_word": _("waits for an answer"),
        "trouble_word": _("not arrived"),
    }


def _list(request: HttpRequest, agent: Agent) -> dict[str, object]:
    context = _list_context(request, agent)
    shelf = shelf_of(request)
    page = page_of(shelf, agent, request.GET.get("older", ""))
    return context | {
        "rows": page.rows,
        "empty_words": "" if page.rows else _first_words(agent, shelf),
        "open_id": number_in(request.GET.get("at")),
        "older_url": older_url(shelf, page.older) if page.older else "",
        "newest_url": older_url(shelf, "") if request.GET.get("older") else "",
    }


def _first_words(agent: Agent, shelf: Shelf) -> str:
    """Where nobody has ever written: how to see that it works."""
    asked = [inbox for inbox in opened_by(agent) if inbox.is_active and shelf.inbox in {None, inbox.pk}]
    if not asked or Conversation.objects.visible_to(agent).exists():
        return ""
    return _("Write to %(address)s to see your first letter here.") % {"address": asked[0].address}


def _is_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
