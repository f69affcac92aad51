"""A mail's own HTML in its frame, the original bytes, and files: each after asking who may see it."""

from __future__ import annotations

import uuid

from django.db.models.functions import Coalesce
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from makegood.agents.policy import require
from makegood.conversations.actions.seeing import note_seen
from makegood.conversations.models import Attachment, Conversation, Draft, Message
from makegood.files.storing import path_of

FRAME = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; "
    "frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
FILE = "default-src 'none'; frame-ancestors 'none'; sandbox"
CONVERSATION = Coalesce("message__conversation_id", "note__conversation_id")  # None: a file of one's own draft
SHOWN_INLINE = {"image/png", "image/jpeg", "image/gif", "image/webp"}


@require_GET
def body(request: HttpRequest, message: int) -> HttpResponse:
    agent = require(request.user, "conversation.read")
    found = get_object_or_404(Message, pk=message, conversation__in=Conversation.objects.visible_to(agent))
    note_seen(found.conversation_id, by=agent)
    return framed(found.html)


def framed(html: str) -> HttpResponse:
    """The sanitiser's last word as a page of its own, for a frame of ours alone."""
    response = HttpResponse(_PAGE % html)
    response["Content-Security-Policy"] = FRAME
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


@require_GET
def file(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    agent = require(request.user, "conversation.read")
    visible = Conversation.objects.visible_to(agent)
    of_message = Attachment.objects.filter(file_id=key, message__conversation__in=visible)
    of_note = Attachment.objects.filter(file_id=key, note__conversation__in=visible)
    own = Attachment.objects.filter(file_id=key, draft__in=Draft.objects.visible_to(agent))
    named = (of_message | of_note | own).select_related("file").annotate(seen_in=CONVERSATION).distinct()
    attachment = get_object_or_404(named)
    if number := getattr(attachment, "seen_in", None):
        note_seen(number, by=agent)
    stored = attachment.file
    inline = stored.content_type in SHOWN_INLINE and attachment.is_inline
    response = FileResponse(path_of(stored).open("rb"), as_attachment=not inline, filename=stored.name)
    response["Content-Type"] = stored.content_type if inline else "application/octet-stream"
    response["Content-Security-Policy"] = FILE
    return response


_PAGE = """<!doctype html><html><head><meta charset="utf-8"><base target="_blank">
<style>body{margin:0;display:flow-root;font:16px/1.5 ui-sans-serif,system-ui,sans-serif;overflow-wrap:anywhere}
html{background:#fff;color:#1e2522}img{max-width:100%%;height:auto}table{max-width:100%%}</style></head><body>%s</body></html>"""
