"""Teams: a new one, and who belongs to one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.agents.actions.teaming import add_team, change_team
from makegood.agents.forms import NewTeamForm, TeamForm
from makegood.agents.models import Team
from makegood.agents.policy import require
from makegood.agents.views.people import page_context
from makegood.errors import Refused


@require_POST
def create(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "team.manage")
    form = NewTeamForm(request.POST)
    try:
        if form.is_valid():
            return redirect("team", add_team(**form.cleaned_data, by=agent).pk)
    except Refused as refused:
        form.add_error("name", str(refused))
    return render(request, "agents/index.html", page_context(agent) | {"team_form": form}, status=422)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    agent = require(request.user, "team.manage")
    team = get_object_or_404(Team.objects.led_by(agent), pk=number)
    known = {"name": team.name, "members": team.members.all()}
    form = TeamForm(request.POST or None, initial=known)
    try:
        if form.is_valid():
            change_team(team, **form.cleaned_data, by=agent)
            messages.success(request, _("Saved."), extra_tags="kept")
            return redirect("agents")
    except Refused as refused:
        form.add_error("name", str(refused))
        team.name = str(known["name"])
    return render(request, "agents/team.html", {"team": team, "form": form}, status=422 if form.errors else 200)
