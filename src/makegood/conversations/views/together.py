"""Who is at a conversation beside oneself, what came while one was there, and one's own being there."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from makegood.agents.policy import require
from makegood.conversations.forms import LeavingForm, PresenceForm
from makegood.conversations.queries.newer import news_since
from makegood.conversations.queries.scoping import scope_of
from makegood.conversations.queries.together import colleagues_at, rings_asked
from makegood.conversations.views.finding import find, number_in, shelf_of
from makegood.live.actions.being_there import beat, leave
from makegood.web.by_itself import by_itself

MOST_ROWS = 100


@by_itself
@require_http_methods(["GET", "POST"])
def presence(request: HttpRequest, number: int) -> HttpResponse:
    return update(request, number) if request.method == "POST" else show(request, number)


def show(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.read")
    seen, noted = number_in(request.GET.get("seen")), number_in(request.GET.get("noted"))
    news = None
    if seen is not None and noted is not None:
        news = news_since(seen, noted, conversation, reader=agent)
    query = shelf_of(request).query
    context = {
        "colleagues": colleagues_at(number, agent),
        "news": news,
        "list_url": reverse("conversations") + (f"?{query}" if query else ""),
    }
    return render(request, "conversations/_together.html", context)


def update(request: HttpRequest, number: int) -> HttpResponse:
    agent = require(request.user, "conversation.read")
    scope = scope_of(number, agent)
    if scope is None:
        raise Http404
    form = PresenceForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    beat(agent_id=agent.pk, conversation_id=number, scope=scope, **form.cleaned_data)
    return HttpResponse(status=204)


@by_itself
@require_POST
def destroy(request: HttpRequest, number: int) -> HttpResponse:
    agent = require(request.user, "conversation.read")
    if scope_of(number, agent) is None:
        raise Http404
    form = LeavingForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    leave(agent_id=agent.pk, conversation_id=number, **form.cleaned_data)
    return HttpResponse(status=204)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The rings of the rows that are asked for, each to take the place of the one in the list."""
    agent = require(request.user, "conversation.read")
    asked = [number_in(word) for word in request.GET.get("rows", "").split(",", MOST_ROWS)[:MOST_ROWS]]
    rings = rings_asked([number for number in asked if number is not None], agent)
    return render(request, "conversations/_rings.html", {"rings": rings})
