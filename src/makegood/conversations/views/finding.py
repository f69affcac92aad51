"""How every view finds its conversation: allowed verb first, then only what the agent may see. And the way back."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from makegood.agents.models import Agent
from makegood.agents.policy import can, require
from makegood.conversations.models import Conversation, Follow
from makegood.conversations.queries.shelves import SHELVES, Shelf
from makegood.conversations.queries.whereabouts import now_at
from makegood.database.selecting import kept
from makegood.errors import NotAllowed
from makegood.inboxes.queries import opened_by, scopes_of
from makegood.web.came_from import came_from


def find(request: HttpRequest, number: int, verb: str) -> tuple[Agent, Conversation]:
    """The agent and the conversation; 403 when the role does not allow it, 404 when the inbox is not theirs.

    Of what was merged it is the one that it went into: what somebody does on a page that was open goes there.
    """
    agent = require(request.user, verb)
    scopes, may_release = tuple(scopes_of(agent)), can(agent, "conversation.release")
    found = _visible(number, agent.pk, scopes, may_release)
    if not found:
        raise Http404
    if found[0].merged_into_id:
        found = _visible(now_at(number).pk, agent.pk, scopes, may_release)
        if not found:
            raise NotAllowed(_("This was merged into a conversation of an inbox that you may not open."))
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
def _visible(number: int, agent_id: int, scopes: tuple[int, ...], may_release: bool) -> QuerySet[Conversation]:
    """As `visible_to` has it; with whether the agent follows it."""
    rows = Conversation.objects.shown_within(scopes, held=may_release)
    following = Exists(Follow.objects.filter(conversation=OuterRef("pk"), agent=agent_id))
    return rows.filter(pk=number).select_related("contact__company").annotate(is_followed=following)
