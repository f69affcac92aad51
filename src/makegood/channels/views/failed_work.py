"""One page for everything that stands still, each with "Try again"."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from makegood.agents.policy import require
from makegood.channels import outbox, reading
from makegood.channels.mailroom import sending_is_paused
from makegood.channels.models import RawMessage
from makegood.channels.queries import failed_work, mails_within, stopped_answers
from makegood.channels.standing_still import sections
from makegood.conversations.actions.auto_answering import allow_again
from makegood.inboxes.queries import scopes_of
from makegood.jobs import claiming


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "work.retry")
    stalled = list(sections(failed_work(scopes_of(agent))))
    return render(request, "channels/failed_work.html", {"sections": stalled, "is_paused": sending_is_paused()})


@require_POST
def read_again(request: HttpRequest, raw: int) -> HttpResponse:
    agent = require(request.user, "work.retry")
    reading.try_again(get_object_or_404(RawMessage, pk=raw, inbox_id__in=scopes_of(agent)).pk)
    return redirect("failed-work")


@require_POST
def send_again(request: HttpRequest, mail: int) -> HttpResponse:
    agent = require(request.user, "work.retry")
    outbox.try_again(get_object_or_404(mails_within(scopes_of(agent)), pk=mail))
    return redirect("failed-work")


@require_POST
def answer_again(request: HttpRequest, answers: int) -> HttpResponse:
    agent = require(request.user, "work.retry")
    stopped = stopped_answers(scopes_of(agent)).select_related("conversation")
    allow_again(get_object_or_404(stopped, pk=answers), by=agent)
    return redirect("failed-work")


@require_POST
def run_again(request: HttpRequest, job: int) -> HttpResponse:
    require(request.user, "work.retry")
    claiming.revive(job)
    return redirect("failed-work")
