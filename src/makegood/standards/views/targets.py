"""The page of answer standards."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.agents.models import Agent
from makegood.agents.policy import require
from makegood.standards import queries
from makegood.standards.actions import targeting
from makegood.standards.forms import SpecialTargetForm, TargetForm
from makegood.standards.models import AnswerTarget
from makegood.standards.showing import example_of, in_words


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "house.manage")
    form = TargetForm(request.POST or None, initial=queries.of_house())
    if form.is_valid():
        targeting.set_target(inbox=None, team=None, **form.cleaned_data, by=agent)
        messages.success(request, _("Saved."), extra_tags="kept")
        return redirect("standards")
    return _page(request, agent, form, SpecialTargetForm(agent=agent), status=422 if form.errors else 200)


@require_POST
def create(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "house.manage")
    form = SpecialTargetForm(request.POST, agent=agent)
    if form.is_valid():
        targeting.set_target(**form.cleaned_data, by=agent)
        return redirect("standards")
    return _page(request, agent, TargetForm(initial=queries.of_house()), form, status=422)


@require_POST
def destroy(request: HttpRequest, number: int) -> HttpResponse:
    agent = require(request.user, "house.manage")
    targeting.remove_target(get_object_or_404(AnswerTarget, pk=number), by=agent)
    return redirect("standards")


def _page(
    request: HttpRequest, agent: Agent, form: TargetForm, special: SpecialTargetForm, *, status: int
) -> HttpResponse:
    context = {
        "form": form,
        "special": special,
        "specials": [in_words(target) for target in queries.targets() if target.inbox_id or target.team_id],
        "example": example_of(),
    }
    return render(request, "standards/index.html", context, status=status)
