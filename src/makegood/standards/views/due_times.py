"""How the due time of one conversation came about."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from makegood.conversations.views.finding import find
from makegood.standards.showing import why


@require_GET
def show(request: HttpRequest, number: int) -> HttpResponse:
    _agent, conversation = find(request, number, "conversation.read")
    told = why(conversation)
    if told is None:
        raise Http404
    is_fragment = request.headers.get("HX-Request") == "true"
    template = "standards/due_time.html"
    return render(request, f"{template}#why" if is_fragment else template, {"told": told, "conversation": conversation})
