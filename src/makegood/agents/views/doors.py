"""Doors for people who are not signed in: an invitation, a link for a new password, and who can help."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from makegood.agents.actions import joining, resetting
from makegood.agents.forms import JoinForm, ResetForm
from makegood.errors import Refused
from makegood.web.public import public


@public
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponseBase:
    invitation = joining.open_invitation(token)
    if invitation is None:
        return render(request, "agents/link_over.html", {"kind": "invitation"}, status=404)
    form = JoinForm(request.POST or None, initial={"name": invitation.name})
    try:
        if form.is_valid():
            agent = joining.accept(token, **form.cleaned_data)
            answer: HttpResponse = perform_login(request, agent, redirect_url="/")
            return answer
    except Refused as refused:
        form.add_error("password", str(refused))
    context = {"form": form, "invitation": invitation}
    return render(request, "agents/join.html", context, status=422 if form.errors else 200)


@public
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest, number: int, token: str) -> HttpResponseBase:
    agent = resetting.resettable(number, token)
    if agent is None:
        return render(request, "agents/link_over.html", {"kind": "reset"}, status=404)
    form = ResetForm(request.POST or None)
    try:
        if form.is_valid():
            resetting.reset_password(number, token, form.cleaned_data["password"])
            return redirect("account_login")
    except Refused as refused:
        form.add_error("password", str(refused))
    context = {"form": form, "agent": agent}
    return render(request, "agents/reset.html", context, status=422 if form.errors else 200)


@public
@require_GET
def forgotten(request: HttpRequest) -> HttpResponse:
    """The same for everybody: it asks nothing and so tells nothing about who works here."""
    return render(request, "agents/forgotten.html")
