"""The list of conversations, as a page and beside one of them."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from makegood.agents.models import Agent
from makegood.agents.policy import can, require
from makegood.conversations.models import Conversation
from makegood.conversations.queries.listing import older_url, page_of
from makegood.conversations.queries.shelves import Shelf
from makegood.conversations.queries.together import rings_of
from makegood.conversations.views.finding import number_in, shelf_of
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


def list_context(request: HttpRequest, agent: Agent) -> dict[str, object]:
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
    context = list_context(request, agent)
    shelf = shelf_of(request)
    page = page_of(shelf, agent, request.GET.get("older", ""))
    rings = rings_of([row.id for row in page.rows], agent)
    return context | {
        "rows": [replace(row, ring=rings.get(row.id)) for row in page.rows] if rings else page.rows,
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
