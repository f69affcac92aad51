"""Which inboxes a team may open. Teams know no inboxes, so this page stands above both."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.agents.models import Team
from makegood.agents.policy import require
from makegood.inboxes.actions.granting import grant
from makegood.inboxes.models import Inbox
from makegood.project.forms import GrantsForm


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    agent = require(request.user, "team.manage")
    team = get_object_or_404(Team.objects.led_by(agent), pk=number)
    given = request.POST if request.method == "POST" else None  # an empty choice is a choice
    form = GrantsForm(given, agent=agent, initial={"inboxes": Inbox.objects.filter(teams=team)})
    if form.is_valid():
        grant(team, form.cleaned_data["inboxes"], by=agent)
        messages.success(request, _("Saved."), extra_tags="kept")
        return redirect("agents")
    context = {"team": team, "form": form, "open_to_all": Inbox.objects.filter(is_open_to_all=True)}
    return render(request, "project/grants.html", context, status=422 if form.errors else 200)
