"""Who did what and when, from the log. Reading it is written down, too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from makegood.agents.actions.auditing import note_audit_read
from makegood.agents.models import Agent
from makegood.agents.policy import require
from makegood.eventlog.events import Actor
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.queries import log_page
from makegood.project.event_words import words_for
from makegood.project.forms import AuditForm


@dataclass(frozen=True, slots=True)
class Row:
    """One event, in words."""

    at: datetime
    who: str
    what: str | Promise
    facts: str
    conversation_id: int | None


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "audit.read")
    agents = {one.pk: one for one in Agent.objects.order_by("name", "pk")}
    form = AuditForm(request.GET, agents=agents)
    actor, name, before = form.asked()
    page = log_page(before=before, actor=actor, name=name)
    note_audit_read(of_actor=actor, of_name=name, by=agent)
    kept = {"actor": actor, "name": name}
    context = {
        "form": form,
        "rows": [_row(event, agents) for event in page.rows],
        "newest_url": f"?{urlencode(kept)}" if before else "",
        "older_url": f"?{urlencode({**kept, 'before': page.older})}" if page.older else "",
    }
    return render(request, "project/audit.html", context)


def _row(event: LoggedEvent, agents: dict[int, Agent]) -> Row:
    facts = [_fact(key, value, agents) for key, value in sorted(event.data.items()) if value not in (None, "", [])]
    who = _who(Actor.read(event.actor), agents)
    return Row(event.at, who, words_for(event.name), " · ".join(facts), event.conversation_id)


def _who(actor: Actor, agents: dict[int, Agent]) -> str:
    if actor.kind == "agent":
        agent = agents.get(actor.id or 0)
        return agent.name if agent else _("Somebody")
    return {"system": "Makegood", "contact": _("A customer")}.get(actor.kind, actor.kind)


def _fact(key: str, value: object, agents: dict[int, Agent]) -> str:
    if key == "agent_id" and value in agents:
        return agents[value].name
    shown = ", ".join(map(str, value)) if isinstance(value, list) else value
    return f"{key.removesuffix('_id').replace('_', ' ')} {shown}"
