"""The bytes of a message as they came, for download."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from makegood.agents.policy import require
from makegood.channels.intake import content_of
from makegood.channels.models import RawMessage
from makegood.conversations.actions.seeing import note_seen
from makegood.conversations.models import Conversation, Message


@require_GET
def show(request: HttpRequest, message: int) -> HttpResponse:
    agent = require(request.user, "conversation.read")
    visible = Message.objects.filter(conversation__in=Conversation.objects.visible_to(agent))
    found = get_object_or_404(visible, pk=message)
    note_seen(found.conversation_id, by=agent)
    raw = get_object_or_404(RawMessage, pk=found.raw_id)
    response = HttpResponse(content_of(raw), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="message-{found.pk}.eml"'
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response
