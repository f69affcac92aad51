"""Everybody who works here, and what an administrator changes about them."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from makegood.agents import queries
from makegood.agents.actions import joining, resetting, staffing
from makegood.agents.forms import AgentForm, HouseForm, InviteForm, NewTeamForm
from makegood.agents.models import Agent, Invitation, Team
from makegood.agents.policy import can, require
from makegood.errors import Refused


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "team.manage")
    return render(request, "agents/index.html", page_context(agent))


@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "agent.manage")
    form = InviteForm(request.POST)
    try:
        if form.is_valid():
            invitation, token = joining.invite(**form.cleaned_data, by=agent)
            context = page_context(agent) | {"invited": invitation, "link": link_to("invitation", token)}
            return render(request, "agents/index.html", context)
    except Refused as refused:
        form.add_error("email", str(refused))
    return render(request, "agents/index.html", page_context(agent) | {"invite_form": form}, status=422)


@require_POST
def withdraw(request: HttpRequest, invitation: int) -> HttpResponse:
    agent = require(request.user, "agent.manage")
    joining.withdraw(get_object_or_404(Invitation, pk=invitation), by=agent)
    return redirect("agents")


@require_POST
def name_house(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "agent.manage")
    form = HouseForm(request.POST)
    if not form.is_valid():
        return render(request, "agents/index.html", page_context(agent) | {"house_form": form}, status=422)
    joining.name_house(form.cleaned_data["name"], by=agent)
    return redirect("agents")


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    agent = require(request.user, "agent.manage")
    person = get_object_or_404(Agent, pk=number)
    form = AgentForm(request.POST or None, initial={"role": person.role, "teams": person.teams.all()})
    try:
        if form.is_valid():
            staffing.change_role(person, form.cleaned_data["role"], by=agent)
            staffing.change_teams(person, form.cleaned_data["teams"], by=agent)
            messages.success(request, _("Saved."), extra_tags="kept")
            return redirect("agents")
    except Refused as refused:
        form.add_error("role", str(refused))
    return render(request, "agents/edit.html", _person_context(person, form), status=422 if form.errors else 200)


@require_POST
def deactivate(request: HttpRequest, number: int) -> HttpResponse:
    agent = require(request.user, "agent.manage")
    staffing.deactivate(get_object_or_404(Agent, pk=number), by=agent)
    return redirect("agents")


@require_POST
def reactivate(request: HttpRequest, number: int) -> HttpResponse:
    agent = require(request.user, "agent.manage")
    staffing.reactivate(get_object_or_404(Agent, pk=number), by=agent)
    return redirect("agents")


@require_POST
def issue_reset(request: HttpRequest, number: int) -> HttpResponse:
    agent = require(request.user, "agent.manage")
    person = get_object_or_404(Agent, pk=number)
    token = resetting.issue_reset(person, by=agent.actor)
    form = AgentForm(initial={"role": person.role, "teams": person.teams.all()})
    return render(
        request, "agents/edit.html", _person_context(person, form) | {"link": link_to("reset", person.pk, token)}
    )


def link_to(name: str, *arguments: object) -> str:
    """An address that works in a letter."""
    return f"{settings.PUBLIC_URL}{reverse(name, args=arguments)}"


def page_context(agent: Agent) -> dict[str, object]:
    """The whole page, also for the views that answer with it after a refused form."""
    manages = can(agent, "agent.manage")
    return {
        "people": queries.staff(),
        "teams": queries.teams(),
        "led": set(Team.objects.led_by(agent).values_list("pk", flat=True)),
        "invitations": queries.open_invitations() if manages else [],
        "can_manage": manages,
        "invite_form": InviteForm(),
        "team_form": NewTeamForm(),
        "house_form": HouseForm(initial={"name": queries.house_name()}),
    }


def _person_context(person: Agent, form: forms.Form) -> dict[str, object]:
    return {"person": person, "form": form, "is_last_admin": queries.is_last_admin(person)}
