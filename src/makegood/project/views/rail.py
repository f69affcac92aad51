"""The rail alone, for an open page whose numbers have moved."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from makegood.agents.policy import require


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    require(request.user, "conversation.read")
    return render(request, "project/rail.html")
