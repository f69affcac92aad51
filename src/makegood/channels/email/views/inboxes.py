"""One e-mail inbox, and a new one."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.agents.models import Agent, Team
from makegood.agents.policy import require
from makegood.channels.actions.connecting import change_inbox, connect_inbox
from makegood.channels.email.discovering import Found, discover
from makegood.channels.email.forms import SERVER, WAYS, InboxForm
from makegood.channels.email.oauth_providers import PROVIDERS
from makegood.channels.email.showing import light_of, test_of, trust_of, waiting_test
from makegood.channels.email.views import typed
from makegood.channels.email.views.inbox_sign_in import redirect_url
from makegood.channels.email.views.inbox_tests import run_whole
from makegood.errors import Refused
from makegood.inboxes.models import Inbox


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "inbox.manage")
    way = request.POST.get("way") or request.GET.get("way", "")
    form = InboxForm(
        request.POST or None,
        typed=typed.passwords(request, "new"),
        initial={"way": way if way in WAYS else SERVER, "same": True},
    )
    if request.POST.get("then") == "find":
        return _find(request, form)
    return _answer(request, form, agent)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    agent = require(request.user, "inbox.manage")
    inbox = get_object_or_404(Inbox, pk=number, channel="email")
    place = str(inbox.pk)
    initial = {"way": way} if (way := request.GET.get("way")) in WAYS else {}
    form = InboxForm(request.POST or None, inbox=inbox, typed=typed.passwords(request, place), initial=initial)
    return _answer(request, form, agent)


def _answer(request: HttpRequest, form: InboxForm, agent: Agent) -> HttpResponse:
    """The page; after a valid POST the inbox is saved, and tested when asked."""
    place = str(form.inbox.pk) if form.inbox else "new"
    then = request.POST.get("then")
    try:
        if form.is_valid():
            wanted = form.wanted()
            inbox = (
                change_inbox(form.inbox, wanted, by=agent) if form.inbox else connect_inbox("email", wanted, by=agent)
            )
            typed.forget(request)
            return _saved(request, inbox, agent, wants_test=then == "test")
    except Refused as refused:
        form.add_error("address", str(refused))
    if form.is_bound:
        typed.keep(request, place, form)
    return render(request, "channels/inbox.html", _context(request, form), status=422 if form.errors else 200)


def _saved(request: HttpRequest, inbox: Inbox, agent: Agent, *, wants_test: bool) -> HttpResponse:
    """With scripts the page runs the test step by step; without, the answer waits for it."""
    url = reverse("inbox", args=[inbox.pk])
    if not wants_test:
        messages.success(request, _("Saved."), extra_tags="kept")
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": f"{url}?test=now#test" if wants_test else url})
    if wants_test:
        run_whole(inbox, by=agent.actor)
        return redirect(f"{url}#test")
    return redirect(url)


def _find(request: HttpRequest, form: InboxForm) -> HttpResponse:
    """Fill in what the address alone tells; nothing typed is lost, and no password is tried anywhere."""
    typed.keep(request, "new", form)
    found = discover(address) if (address := form.address_typed()) else Found()
    return render(request, "channels/inbox.html", _context(request, form.filled_with(found)) | {"found": found})


def _context(request: HttpRequest, form: InboxForm) -> dict[str, object]:
    inbox = form.inbox
    way = str(form["way"].value())
    context: dict[str, object] = {
        "form": form, "inbox": inbox, "way": way, "ways": _ways(request, way), "provider": PROVIDERS.get(way),
        "lmtp": settings.LMTP, "has_teams": Team.objects.exists(),
    }  # fmt: skip
    if inbox is not None:
        is_asked = request.GET.get("test") == "now"
        context |= {
            "test": waiting_test() if is_asked else test_of(inbox), "trust": trust_of(inbox), "light": light_of(inbox),
            "redirect_url": redirect_url(),
        }  # fmt: skip
    return context


def _ways(request: HttpRequest, chosen: str) -> list[dict[str, object]]:
    words = {
        "server": _("Its server"), "forward": _("Forward to us"), "google": _("Sign in with Google"),
        "microsoft": _("Sign in with Microsoft"),
    }  # fmt: skip
    return [{"label": words[way], "url": f"{request.path}?way={way}", "current": way == chosen} for way in WAYS]
