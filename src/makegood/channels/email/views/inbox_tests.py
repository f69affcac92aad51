"""The connection test of an inbox: whole, or one step at a time for a page that shows each as it ends."""

from __future__ import annotations

import time
from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from makegood.agents.policy import require
from makegood.channels.email.actions.testing import keep_test
from makegood.channels.email.probing import NAMES, Probe, Step, probe_all, probe_next
from makegood.channels.email.showing import Test, light_of, shown_test, test_of
from makegood.eventlog.events import Actor
from makegood.inboxes.models import Inbox

KEY = "inbox_test"


@require_POST
def create(request: HttpRequest, number: int) -> HttpResponse:
    agent = require(request.user, "inbox.manage")
    inbox = get_object_or_404(Inbox, pk=number, channel="email")
    if request.headers.get("HX-Request") != "true":
        run_whole(inbox, by=agent.actor)
        return redirect(f"{reverse('inbox', args=[number])}#test")
    under_way = request.session.get(KEY, {}) if request.POST.get("step") != "0" else {}
    if under_way.get("inbox") != number:
        under_way = {"inbox": number, "begun": time.time(), "steps": []}
    steps = [Step.read(step) for step in under_way["steps"]]
    steps.append(probe_next(Probe.of(inbox), steps))
    request.session[KEY] = under_way | {"steps": [asdict(step) for step in steps]}
    shown: Test | None = shown_test(steps, seconds=None)
    if len(steps) == len(NAMES):
        keep_test(inbox, steps, seconds=time.time() - under_way["begun"], by=agent.actor)
        del request.session[KEY]
        shown = test_of(inbox)
    context = {"inbox": inbox, "test": shown, "light": light_of(inbox), "is_answer": True}
    response = render(request, "channels/inbox.html#answer", context)
    response["HX-Replace-Url"] = reverse("inbox", args=[number])
    return response


def run_whole(inbox: Inbox, *, by: Actor) -> list[Step]:
    """All five steps, one after the other; up to a minute when servers are silent."""
    begun = time.monotonic()
    steps = list(probe_all(Probe.of(inbox)))
    keep_test(inbox, steps, seconds=time.monotonic() - begun, by=by)
    return steps
