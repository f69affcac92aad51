"""One inbox, and a new one, of a channel whose settings are a form alone."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from makegood.agents.models import Agent
from makegood.agents.policy import require
from makegood.channels.actions.connecting import change_inbox, connect_inbox
from makegood.channels.channel import Channel
from makegood.channels.registry import CHANNELS
from makegood.channels.settings_form import SettingsForm
from makegood.errors import Refused
from makegood.inboxes.models import Inbox


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, kind: str) -> HttpResponse:
    agent = require(request.user, "inbox.manage")
    channel, form = _form_of(kind)
    return _answer(request, channel, form(request.POST or None), agent)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    agent = require(request.user, "inbox.manage")
    inbox = get_object_or_404(Inbox, pk=number)
    channel, form = _form_of(inbox.channel)
    return _answer(request, channel, form(request.POST or None, inbox=inbox), agent)


def _form_of(kind: str) -> tuple[Channel, type[SettingsForm]]:
    channel = CHANNELS.get(kind)
    if channel is None or channel.settings_form is None:
        raise Http404
    return channel, channel.settings_form


def _answer(request: HttpRequest, channel: Channel, form: SettingsForm, agent: Agent) -> HttpResponse:
    inbox = form.inbox
    try:
        if form.is_valid():
            wanted = form.wanted()
            saved = change_inbox(inbox, wanted, by=agent) if inbox else connect_inbox(channel.kind, wanted, by=agent)
            return redirect("channel-inbox", saved.pk)
    except Refused as refused:
        form.add_error("address", str(refused))
    light = channel.light_of(inbox) if inbox else None
    context = {"form": form, "inbox": inbox, "channel": channel, "light": light}
    return render(request, "channels/channel_inbox.html", context, status=422 if form.errors else 200)
