"""Signing in to a mailbox at Google or Microsoft: leaving for it, and coming back."""

from __future__ import annotations

from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.agents.policy import require
from makegood.channels.email import oauth
from makegood.channels.email.actions.signing_in import keep_tokens
from makegood.channels.email.forms import ReturnForm
from makegood.errors import Refused
from makegood.inboxes.models import Inbox

KEY = "oauth_journey"


@require_POST
def create(request: HttpRequest, number: int) -> HttpResponse:
    """A page with the link: a form of ours may not lead to another site (form-action)."""
    require(request.user, "inbox.manage")
    inbox = get_object_or_404(Inbox, pk=number, channel="email")
    journey, url = oauth.set_out(inbox, redirect_url())
    request.session[KEY] = asdict(journey)
    context = {"inbox": inbox, "url": url, "provider": oauth.provider_of(inbox)}
    return render(request, "channels/inbox_sign_in.html", context)


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The provider sends the person back by GET, which changes nothing; the page's button finishes."""
    agent = require(request.user, "inbox.manage")
    journey = oauth.Journey(**request.session[KEY]) if KEY in request.session else None
    form = ReturnForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid() or journey is None or not journey.is_this(form.cleaned_data["state"]):
        raise Refused(_("This sign-in was not begun here, or more than ten minutes ago. Begin it on the inbox’s page."))
    inbox = get_object_or_404(Inbox, pk=journey.inbox_id, channel="email")
    if request.method == "GET" or form.cleaned_data["error"]:
        return render(
            request, "channels/inbox_sign_in.html", {"inbox": inbox, "form": form, "provider": oauth.provider_of(inbox)}
        )
    del request.session[KEY]
    keep_tokens(inbox, oauth.exchange(inbox, journey, form.cleaned_data["code"], redirect_url()), by=agent.actor)
    return redirect(f"{reverse('inbox', args=[inbox.pk])}?test=now#test")


def redirect_url() -> str:
    """Where the provider sends people back to; an administrator registers it there."""
    return f"{settings.PUBLIC_URL}{reverse('oauth-return')}"
