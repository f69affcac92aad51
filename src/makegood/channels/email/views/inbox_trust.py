"""Will mail from an inbox be trusted? Looked up daily, and when an administrator asks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from makegood.agents.policy import require
from makegood.channels.email import upkeep
from makegood.channels.email.actions.trusting import name_selector
from makegood.channels.email.forms import SelectorForm
from makegood.errors import Refused
from makegood.inboxes.models import Inbox


@require_POST
def create(request: HttpRequest, number: int) -> HttpResponse:
    agent = require(request.user, "inbox.manage")
    inbox = get_object_or_404(Inbox, pk=number, channel="email")
    form = SelectorForm(request.POST)
    if not form.is_valid():
        raise Refused(" ".join(str(error) for error in form.errors["selector"]))
    name_selector(inbox, form.cleaned_data["selector"], by=agent.actor)
    upkeep.look_at_trust(inbox, by=agent.actor)
    return redirect(f"{reverse('inbox', args=[number])}#trust")
