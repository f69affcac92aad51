"""The recovery codes, for reading and for keeping. allauth's own page writes to the database when it is read."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from makegood.agents.policy import require
from makegood.agents.queries import recovery_codes_of


@require_GET
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
def show(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "self.edit")
    if not (codes := recovery_codes_of(agent)):
        raise Http404
    return render(request, "agents/recovery_codes.html", {"codes": codes})


@require_GET
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
def download(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "self.edit")
    if not (codes := recovery_codes_of(agent)):
        raise Http404
    response = HttpResponse("\n".join(codes) + "\n", content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="makegood-recovery-codes.txt"'
    return response
