"""Who did what and when, from the log. Reading it is written down, too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from makegood.agents.actions.auditing import note_audit_read
from makegood.agents.models import Agent
from makegood.agents.policy import require
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.queries import log_page
from makegood.project.event_sentences import sentence_of
from makegood.project.forms import AuditForm
from makegood.project.naming import Names, names_in


@dataclass(frozen=True, slots=True)
class Row:
    """One event as a sentence; `subject` is None where the conversation is not the viewer's to see, or gone."""

    at: datetime
    words: str
    conversation_id: int | None
    subject: str | None


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "audit.read")
    agents = {one.pk: one for one in Agent.objects.order_by("name", "pk")}
    form = AuditForm(request.GET, agents=agents)
    actor, name, before = form.asked()
    page = log_page(before=before, actor=actor, name=name)
    note_audit_read(of_actor=actor, of_name=name, by=agent)
    names = names_in(page.rows, agents, agent)
    kept = {"actor": actor, "name": name}
    context = {
        "form": form,
        "rows": [_row(event, names) for event in page.rows],
        "newest_url": f"?{urlencode(kept)}" if before else "",
        "older_url": f"?{urlencode({**kept, 'before': page.older})}" if page.older else "",
    }
    return render(request, "project/audit.html", context)


def _row(event: LoggedEvent, names: Names) -> Row:
    subject = names.conversations.get(event.conversation_id or 0)
    return Row(event.at, sentence_of(event, names), event.conversation_id, subject)
