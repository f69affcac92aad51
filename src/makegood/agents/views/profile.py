"""What a person says about themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.agents.actions.editing import edit_profile
from makegood.agents.forms import ProfileForm
from makegood.agents.policy import require
from makegood.agents.theme import remember_theme


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "self.edit")
    form = ProfileForm.of(agent, request.POST or None)
    if not form.is_valid():
        return render(request, "agents/profile.html", {"form": form}, status=422 if form.errors else 200)
    edit_profile(agent, form.cleaned_data)
    response = redirect("profile")
    remember_theme(response, agent.theme)
    with translation.override(agent.language or translation.get_language()):
        messages.success(request, _("Saved."), extra_tags="kept")
    return response
