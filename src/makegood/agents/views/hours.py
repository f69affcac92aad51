"""When the house works, and teams with hours of their own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.agents import queries
from makegood.agents.actions import keeping_hours
from makegood.agents.forms import DaysOffForm, HoursForm
from makegood.agents.models import Agent, DaysOff, Team, WorkingHours
from makegood.agents.policy import can, require
from makegood.clock.now import now
from makegood.clock.public_holidays import holidays_ahead


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int | None = None) -> HttpResponse:
    agent, team = _whose(request, number)
    hours = queries.own_hours(team) or queries.hours_to_begin_with(team)
    form = HoursForm(request.POST or None, hours=hours, timezone=queries.zone_of(team))
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("timezone", "country", "region")}
        given |= {"language": get_language() or "en", "hands_to": form.cleaned_data.get("hands_to")}
        holidays = holidays_ahead(given["country"], given["region"], now().year, given["language"])
        keeping_hours.set_hours(team, week=form.week, holidays=holidays, by=agent, **given)
        messages.success(request, _("Saved."), extra_tags="kept")
        return _back(team)
    return _page(request, agent, team, form, DaysOffForm(), status=422 if form.errors else 200)


@require_POST
def destroy(request: HttpRequest, number: int) -> HttpResponse:
    agent, team = _whose(request, number)
    assert team is not None
    keeping_hours.follow_house(team, by=agent)
    return _back(team)


@require_POST
def close(request: HttpRequest, number: int | None = None) -> HttpResponse:
    agent, team = _whose(request, number)
    if team:
        get_object_or_404(WorkingHours, team=team)
    form = DaysOffForm(request.POST)
    if form.is_valid():
        keeping_hours.close_on(team, **form.cleaned_data, by=agent)
        return _back(team)
    hours = queries.own_hours(team) or queries.hours_to_begin_with(team)
    return _page(request, agent, team, HoursForm(hours=hours, timezone=queries.zone_of(team)), form, status=422)


@require_POST
def open_again(request: HttpRequest, number: int) -> HttpResponse:
    agent, found = _days_off(request, number)
    keeping_hours.open_again(found, by=agent)
    return _back(found.hours.team)


@require_POST
def work(request: HttpRequest, number: int) -> HttpResponse:
    agent, found = _days_off(request, number)
    keeping_hours.work_on(found, is_worked=True, by=agent)
    return _back(found.hours.team)


@require_POST
def rest(request: HttpRequest, number: int) -> HttpResponse:
    agent, found = _days_off(request, number)
    keeping_hours.work_on(found, is_worked=False, by=agent)
    return _back(found.hours.team)


def _whose(request: HttpRequest, number: int | None) -> tuple[Agent, Team | None]:
    """A team's hours are its lead's; those of the house are the administrators'."""
    if number is None:
        return require(request.user, "house.manage"), None
    agent = require(request.user, "team.manage")
    return agent, get_object_or_404(Team.objects.led_by(agent), pk=number)


def _days_off(request: HttpRequest, number: int) -> tuple[Agent, DaysOff]:
    agent = require(request.user, "team.manage")
    rows = DaysOff.objects.select_related("hours__team")
    if not can(agent, "house.manage"):
        rows = rows.filter(hours__team__in=Team.objects.led_by(agent))
    return agent, get_object_or_404(rows, pk=number)


def _back(team: Team | None) -> HttpResponse:
    return redirect("team-hours", team.pk) if team else redirect("hours")


def _page(
    request: HttpRequest, agent: Agent, team: Team | None, form: HoursForm, closing: DaysOffForm, *, status: int
) -> HttpResponse:
    own = queries.own_hours(team)
    context = {
        "team": team,
        "form": form,
        "own": own,
        "closing": closing,
        "days_off": queries.days_off_ahead(own) if own else [],
        "teams": queries.teams_with_hours(agent),
        "can_manage_house": can(agent, "house.manage"),
    }
    return render(request, "agents/hours.html", context, status=status)
