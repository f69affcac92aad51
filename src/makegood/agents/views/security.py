"""How a person signs in, and where they are signed in now."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from makegood.agents.actions.signing_in import end_sessions
from makegood.agents.policy import require
from makegood.agents.queries import factors_of, sessions_of
from makegood.errors import Refused


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "self.edit")
    context = {"factors": factors_of(agent), "sessions": sessions_of(agent, request.session.session_key)}
    return render(request, "agents/security.html", context)


@require_POST
def end_session(request: HttpRequest, session: int) -> HttpResponse:
    agent = require(request.user, "self.edit")
    if not end_sessions(agent, only=session, by=agent.actor):
        raise Refused(_("This session has ended already."))
    return redirect("security")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "self.edit")
    end_sessions(agent, keep=request.session.session_key, by=agent.actor)
    messages.success(request, _("You are signed out everywhere else."), extra_tags="kept")
    return redirect("security")
