"""One conversation."""

from __future__ import annotations

import math

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from makegood.agents.models import Agent
from makegood.agents.policy import can
from makegood.agents.queries import by_name
from makegood.clock.now import now
from makegood.conversations.actions.seeing import note_seen
from makegood.conversations.forms import SnoozeForm
from makegood.conversations.models import Conversation, Message, Tag
from makegood.conversations.queries.agenda import due_time_of
from makegood.conversations.queries.panel import panel_of, tags_of
from makegood.conversations.queries.timeline import timeline_of
from makegood.conversations.queries.writing import composer_of
from makegood.conversations.quoting import signature_under
from makegood.conversations.views.finding import find
from makegood.conversations.views.shelves import TITLES, list_context
from makegood.inboxes.queries import others_like


@require_GET
def show(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.read")
    if conversation.pk != number:  # merged: the address leads on, also for a part of a page that was open
        return redirect(f"{reverse('conversation', args=[conversation.pk])}?{request.GET.urlencode()}".rstrip("?"))
    if request.GET.get("part") == "standing":
        return render(
            request, "conversations/_header.html#standing", _standing(request, agent, conversation, tags_of(number))
        )
    note_seen(number, by=agent)
    context = page_context(request, agent, conversation)
    if request.GET.get("part") == "timeline":
        return render(request, "conversations/show.html#timeline", context)
    return render(request, "conversations/show.html", context)


def page_context(request: HttpRequest, agent: Agent, conversation: Conversation) -> dict[str, object]:
    """The page of one conversation, also for the views that answer with it after a refused form."""
    agents = {one.pk: one for one in by_name()}
    tags = tags_of(conversation.pk)
    entries = timeline_of(conversation, agents, agent, tags)
    newest = [entry.message for entry in reversed(entries) if entry.message]
    conversation.assignee = agents.get(conversation.assignee_id or 0)
    composer = composer_of(conversation, agent, newest)
    return _standing(request, agent, conversation, tags) | {
        "entries": entries,
        "noted": max((entry.note.pk for entry in entries if entry.note), default=0),
        "agents": [one for one in agents.values() if one.is_active],
        "panel": panel_of(conversation, newest),
        "composer": composer,
        "signature": signature_under(conversation.inbox, agent),
        "undo_seconds": _seconds_left(composer.undoable),
        "download_word": _("Download the original"),
        "forward_word": _("Forward"),
        "split_word": _("Split off from here"),
        "split_title": _("This and all after it become a conversation of its own"),
        "snoozes": SnoozeForm.CHOICES,
        "other_inboxes": others_like(conversation.inbox, agent),
        "can_answer": can(agent, "conversation.reply") and conversation.status != Conversation.HELD,
    }


def _seconds_left(waiting: Message | None) -> int:
    """Until a letter leaves: a page that is opened again goes on counting where it was."""
    left = (waiting.send_at - now()).total_seconds() if waiting and waiting.send_at else 0
    return max(math.ceil(left), 1)


def _standing(request: HttpRequest, agent: Agent, conversation: Conversation, tags: list[Tag]) -> dict[str, object]:
    """Whose it is, where it stands and how it is tagged: the head of the page, which follows what others do."""
    return list_context(request, agent) | {
        "conversation": conversation,
        "status_word": dict(TITLES).get(conversation.status, ""),
        "assignee": conversation.assignee,
        "due_time": due_time_of(conversation),
        "tags": tags,
        "can_sort": can(agent, "conversation.close") and conversation.status != Conversation.HELD,
        "can_block": can(agent, "contact.block"),
        "can_edit_customer": can(agent, "contact.edit"),
        "can_regroup": can(agent, "conversation.merge") and conversation.status != Conversation.HELD,
    }
