"""The first run: your shop, your mail, your team. The first step exists until it is done, the others in its session."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from makegood.agents.actions.joining import create_first_admin, invite
from makegood.agents.forms import InviteForm
from makegood.agents.models import Agent
from makegood.agents.policy import require
from makegood.agents.views.people import link_to
from makegood.channels.queries import lights
from makegood.errors import Refused
from makegood.inboxes.queries import opened_by
from makegood.project import first_run
from makegood.project.first_run import UNDER_WAY
from makegood.project.forms import ShopForm
from makegood.standards.queries import has_standard
from makegood.web.public import public


@public
@require_http_methods(["GET", "POST"])
def shop(request: HttpRequest, token: str) -> HttpResponseBase:
    if not first_run.is_token(token):
        raise Http404
    form = ShopForm(request.POST or None)
    try:
        if form.is_valid():
            agent = create_first_admin(**form.cleaned_data)
            first_run.spend()
            answer: HttpResponse = perform_login(request, agent, redirect_url=reverse("welcome-standard"))
            request.session[UNDER_WAY] = True
            return answer
    except Refused as refused:
        form.add_error("password", str(refused))
    context = {"form": form, "steps": steps(0)}
    return render(request, "project/welcome_shop.html", context, status=422 if form.errors else 200)


@require_GET
def mail(request: HttpRequest) -> HttpResponse:
    agent = under_way(request)
    context = {"steps": steps(2, agent), "lights": lights()}
    return render(request, "project/welcome_mail.html", context)


@require_http_methods(["GET", "POST"])
def team(request: HttpRequest) -> HttpResponse:
    agent = under_way(request)
    if "done" in request.POST:
        del request.session[UNDER_WAY]
        return redirect("conversations")
    form = InviteForm(request.POST or None)
    context: dict[str, object] = {
        "form": form, "steps": steps(3, agent), "address": settings.PUBLIC_URL,
    }  # fmt: skip
    try:
        if form.is_valid():
            invitation, token = invite(**form.cleaned_data, by=agent)
            context |= {"form": InviteForm(), "invited": invitation, "link": link_to("invitation", token)}
    except Refused as refused:
        form.add_error("email", str(refused))
    return render(request, "project/welcome_team.html", context, status=422 if form.errors else 200)


def under_way(request: HttpRequest) -> Agent:
    """Whoever is at the first run; nobody else sees its later steps."""
    agent = require(request.user, "agent.manage")
    if not request.session.get(UNDER_WAY):
        raise Http404
    return agent


def steps(current: int, agent: Agent | None = None) -> list[dict[str, object]]:
    """Those behind count as done; standard and mail only when there is one, for they may have been skipped."""
    labels = [_("Your shop"), _("Your first promise"), _("Connect your mail"), _("Invite your team")]
    urls = ["", *(reverse(f"welcome-{name}") for name in ("standard", "mail", "team"))]
    has_mail = agent is not None and bool(opened_by(agent))
    done = [current > 0, current > 1 and has_standard(), current > 2 and has_mail, False]
    return [
        {"label": label, "done": is_done, "current": index == current, "url": url if index <= current else ""}
        for index, (label, url, is_done) in enumerate(zip(labels, urls, done, strict=True))
    ]
