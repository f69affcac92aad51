"""The search page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from makegood.agents.policy import require
from makegood.conversations.queries import finding
from makegood.search.grammar import parse


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    agent = require(request.user, "search.use")
    text, best, older = request.GET.get("q", "")[:500], request.GET.get("order") == "best", request.GET.get("older", "")
    if conversation := finding.by_number(text, agent):
        return redirect("conversation", conversation.pk)
    older_than = int(older) if older.isdecimal() and len(older) < 19 else None
    query, unclear = finding.understood(parse(text))
    found = finding.find(query, agent, best=best, older_than=older_than) if text.strip() else []
    shown = found[: finding.SHOWN]
    has_more = len(found) > finding.SHOWN and not best and shown[-1].cursor
    context = {
        "q": text,
        "best": best,
        "found": shown,
        "unclear": unclear,
        "asks": bool(query.terms or query.filters or query.without),
        "older_url": "?" + urlencode({"q": text, "older": shown[-1].cursor}) if has_more else "",
        "newest_url": "?" + urlencode({"q": text}) if older_than else "",
    }
    return render(request, "conversations/search.html", context)
