"""Where services post messages to: the channel checks their signature, and they hear "received" once all is stored."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from makegood.channels.errors import NotAccepted
from makegood.channels.intake import Arriving, take_in
from makegood.channels.registry import CHANNELS
from makegood.inboxes.models import Inbox
from makegood.web.public import public


@csrf_exempt
@public
@require_POST
def create(request: HttpRequest, number: int) -> HttpResponse:
    """403 alike for a wrong signature and for an inbox that there is not. An error of ours: the service tries again."""
    inbox = Inbox.objects.filter(pk=number, is_active=True, channel__in=CHANNELS).first()
    try:
        if inbox is None:
            raise NotAccepted
        arriving = [Arriving(inbox, raw) for raw in CHANNELS[inbox.channel].accept(inbox, request)]
    except NotAccepted:
        return HttpResponseForbidden()
    if arriving:
        take_in(arriving)
    return HttpResponse(status=204)
