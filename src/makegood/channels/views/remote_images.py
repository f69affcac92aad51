"""A mail with its remote images, for whoever asked: each address here opens by its signature, and fetches by proxy."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods

from makegood.agents.models import Agent
from makegood.agents.policy import require
from makegood.channels.remote_images import Leave, html_with_images, leave, picture
from makegood.conversations.models import Conversation, Message
from makegood.conversations.views.bodies import FILE, framed


@require_http_methods(["GET", "POST"])
def frame(request: HttpRequest, message: int) -> HttpResponse:
    agent = require(request.user, "conversation.read")
    found = _visible(agent, message)
    if request.method == "POST":  # which no mail can do: its links only read
        return redirect(leave(found, agent).address)
    given = Leave(found.pk, agent.pk, _until(request))
    if not given.covers(request.GET.get("seal", "")):
        raise Http404
    return framed(html_with_images(found, given))


@require_GET
def image(request: HttpRequest, message: int) -> HttpResponse:
    agent = require(request.user, "conversation.read")
    given, url = Leave(_visible(agent, message).pk, agent.pk, _until(request)), request.GET.get("url", "")
    if not url or not given.covers(request.GET.get("seal", ""), url):
        raise Http404
    content_type, content = picture(url, given) or NO_PICTURE
    response = HttpResponse(content, content_type=content_type)
    response["Content-Security-Policy"] = FILE
    return response


def _visible(agent: Agent, message: int) -> Message:
    return get_object_or_404(Message, pk=message, conversation__in=Conversation.objects.visible_to(agent))


def _until(request: HttpRequest) -> int:
    given = request.GET.get("until", "")
    return int(given) if given.isdecimal() and len(given) < 12 else 0


NO_PICTURE = (
    "image/svg+xml",
    b"""<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" fill="none" stroke="#8a908c" stroke-width="1.2">
<rect x="3" y="3.5" width="14" height="13" rx="2"/><path d="m4 14 4-4 3 3 2-2 3 3"/></svg>""",
)
