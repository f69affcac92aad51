"""The list of conversations, as a page and beside one of them."""

from __future__ import annotations

from django.conf import settings
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
from makegood.conversations.queries.orders import DUE, NEWEST, ORDERS, WAITING
from makegood.conversations.queries.shelves import Shelf
from makegood.conversations.queries.together import rings_of
from makegood.conversations.views.finding import number_in, shelf_of
from makegood.inboxes.queries import opened_by

TITLES = {
    "open": gettext_lazy("Open"), "mine": gettext_lazy("Mine"), "nobody": gettext_lazy("Nobody’s yet"),
    "snoozed": gettext_lazy("Snoozed"), "closed": gettext_lazy("Closed"), "spam": gettext_lazy("Spam"),
    "held": gettext_lazy("Held back"),
}  # fmt: skip
ORDER_WORDS = {DUE: gettext_lazy("Due next"), NEWEST: gettext_lazy("Newest"), WAITING: gettext_lazy("Waiting")}
YEAR = 365 * 24 * 3600


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "conversation.read")
    context = _list(request, agent)
    if _is_fragment(request):
        return render(request, "conversations/index.html#rows", context)
    answer = render(request, "conversations/index.html", context)
    if request.GET.get("order") in ORDERS:  # chosen by the person, not asked for again by an open page
        answer.set_cookie("order", request.GET["order"], max_age=YEAR, samesite="Lax", secure=settings.SECURE)
    return answer


def order_of(request: HttpRequest) -> str:
    """What the address says, else what this browser chose last."""
    asked = request.GET.get("order") or request.COOKIES.get("order", "")
    return asked if asked in ORDERS else DUE


def list_context(request: HttpRequest, agent: Agent) -> dict[str, object]:
    """What the list beside a conversation needs; its rows come by themselves, so the page does not wait for them."""
    shelf, order = shelf_of(request), order_of(request)
    names = {inbox.pk: inbox.name for inbox in opened_by(agent)}
    choices = [
        {"label": words, "url": f"{reverse('conversations')}?{shelf.query_with(order=name)}", "current": name == order}
        for name, words in ORDER_WORDS.items()
    ]
    return {
        "shelf": shelf,
        "groups": None,
        "list_title": names.get(shelf.inbox or 0) or TITLES[shelf.name],
        # With the order, so that a choice in another tab does not turn this one over.
        "list_url": f"{reverse('conversations')}?{shelf.query_with(order=order if shelf.has_orders else '')}",
        "back_url": f"{reverse('conversations')}?{shelf.query}",
        "orders": choices if shelf.has_orders else [],
        "can_start": can(agent, "conversation.start"),
    }


def _list(request: HttpRequest, agent: Agent) -> dict[str, object]:
    context = list_context(request, agent)
    shelf, order = shelf_of(request), order_of(request)
    page = page_of(shelf, agent, request.GET.get("older", ""), order)
    page = page.with_rings(rings_of([row.id for row in page.rows], agent))
    return context | {
        "groups": page.groups,
        "empty_words": "" if page.groups else _first_words(agent, shelf),
        "row_query": f"?{shelf.query}" if shelf.query else "",
        "open_id": number_in(request.GET.get("at")),
        "heading": "h3" if request.GET.get("at") else "h2",
        "older_url": older_url(shelf, order, page.older) if page.older else "",
        "newest_url": older_url(shelf, order, "") if request.GET.get("older") else "",
        "waiting_word": _("waits for an answer"),
        "trouble_word": _("not arrived"),
        "unknown_word": _("Unknown sender"),
        "no_subject": _("No subject"),
        "now_word": _("Now:"),
    }


def _first_words(agent: Agent, shelf: Shelf) -> str:
    """Where nobody has ever written: how to see that it works."""
    asked = [inbox for inbox in opened_by(agent) if inbox.is_active and shelf.inbox in {None, inbox.pk}]
    if not asked or Conversation.objects.visible_to(agent).exists():
        return ""
    return _("Write to %(address)s to see your first letter here.") % {"address": asked[0].address}


def _is_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
