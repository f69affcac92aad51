"""How every view finds its conversation: allowed verb first, then only what the agent may see. And the way back."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect, QueryDict
from django.urls import reverse

from makegood.agents.models import Agent
from makegood.agents.policy import can, require
from makegood.conversations.models import Conversation
from makegood.conversations.queries.shelves import SHELVES, Shelf
from makegood.database.selecting import kept
from makegood.inboxes.queries import opened_by, scopes_of
from makegood.web.came_from import came_from


def find(request: HttpRequest, number: int, verb: str) -> tuple[Agent, Conversation]:
    """The agent and the conversation; 403 when the role does not allow it, 404 when the inbox is not theirs."""
    agent = require(request.user, verb)
    found = _visible(number, tuple(scopes_of(agent)), can(agent, "conversation.release"))
    if not found:
        raise Http404
    (conversation,) = found
    conversation.inbox = next(inbox for inbox in opened_by(agent) if inbox.pk == conversation.inbox_id)
    return agent, conversation


def back_to(request: HttpRequest, number: int) -> HttpResponseRedirect:
    """To the conversation, beside the list that it was opened from."""
    query = shelf_of(request).query
    return HttpResponseRedirect(reverse("conversation", args=[number]) + (f"?{query}" if query else ""))


def shelf_of(request: HttpRequest) -> Shelf:
    """The list that the address asks for; a form's is that of the page it stood on."""
    asked = request.GET
    if request.method == "POST":
        page = came_from(request)
        asked = QueryDict(page.query if page and page.path.startswith(reverse("conversations")) else "")
    name = asked.get("view", "open")
    return Shelf(name if name in SHELVES else "open", number_in(asked.get("inbox")), number_in(asked.get("team")))


def number_in(text: str | None) -> int | None:
    """An id in an address, if it is one."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


@kept
def _visible(number: int, scopes: tuple[int, ...], may_release: bool) -> QuerySet[Conversation]:
    """As `visible_to` has it."""
    rows = Conversation.objects.shown_within(scopes, held=may_release)
    return rows.filter(pk=number).select_related("contact__company")
