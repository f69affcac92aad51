"""Settings → E-mail: every inbox of every channel and how it is, and switching one off and on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from makegood.agents.policy import require
from makegood.channels.queries import lights
from makegood.channels.registry import CHANNELS, channel_of
from makegood.inboxes.actions.managing import switch
from makegood.inboxes.models import Inbox


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    require(request.user, "inbox.manage")
    added = [{"name": channel.name, "url": channel.settings_url(None)} for channel in CHANNELS.values()]
    return render(request, "channels/inbox_list.html", {"lights": lights(), "added": added})


@require_POST
def switch_off(request: HttpRequest, number: int) -> HttpResponse:
    agent = require(request.user, "inbox.manage")
    inbox = get_object_or_404(Inbox, pk=number, channel__in=CHANNELS)
    switch(inbox, is_active=False, by=agent.actor)
    return redirect(channel_of(inbox).settings_url(inbox))


@require_POST
def switch_on(request: HttpRequest, number: int) -> HttpResponse:
    agent = require(request.user, "inbox.manage")
    inbox = get_object_or_404(Inbox, pk=number, channel__in=CHANNELS)
    switch(inbox, is_active=True, by=agent.actor)
    return redirect(channel_of(inbox).settings_url(inbox))
