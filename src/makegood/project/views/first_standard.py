"""The second step of the first run: what everybody who writes is promised, and when we work."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from makegood.agents.actions.editing import edit_profile
from makegood.agents.actions.keeping_hours import set_hours
from makegood.project.forms import FirstStandardForm
from makegood.project.views.welcome import steps, under_way
from makegood.standards.actions.targeting import set_target
from makegood.standards.showing import example_by


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    agent = under_way(request)
    asked = FirstStandardForm(request.POST or request.GET or None)
    is_good = asked.is_valid()
    if "skip" in request.POST:
        return redirect("welcome-mail")
    if is_good and request.method == "POST":
        set_hours(None, **asked.hours, by=agent)
        if not agent.timezone:
            edit_profile(agent, {"timezone": asked.hours["timezone"]})
        set_target(inbox=None, team=None, first=asked.word, following=asked.word, by=agent)
        return redirect("welcome-mail")
    context = {"form": asked, "steps": steps(1, agent), "example": example_by(*asked.chosen)}
    if request.headers.get("HX-Request") == "true":
        return render(request, "project/welcome_standard.html#example", context)
    status = 422 if asked.errors and request.method == "POST" else 200
    return render(request, "project/welcome_standard.html", context, status=status)
