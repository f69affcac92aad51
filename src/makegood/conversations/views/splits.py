"""A message and what came after it become a conversation of their own, and come back."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.conversations.actions import splitting
from makegood.conversations.models import Conversation, Message, Split
from makegood.conversations.queries.whereabouts import now_at
from makegood.conversations.views.finding import back_to, find
from makegood.web.undoing import offer_undo


@require_POST
def create(request: HttpRequest, number: int, message: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.merge")
    row = splitting.split(get_object_or_404(Message, pk=message, conversation=conversation), by=agent)
    said = _("This is a conversation of its own now.")
    offer_undo(request, said, reverse("split-delete", args=[row.target_id, row.pk]))
    return back_to(request, row.target_id)


@require_POST
def destroy(request: HttpRequest, number: int, split: int) -> HttpResponse:
    """From either of the two; the agent may see both, and wherever what is taken back stands or goes by now."""
    agent, conversation = find(request, number, "conversation.merge")
    seen = Conversation.objects.visible_to(agent)
    rows = Split.objects.filter(source__in=seen, target__in=seen)
    named = Q(source__in=[number, conversation.pk]) | Q(target__in=[number, conversation.pk])
    row = get_object_or_404(rows.filter(named), pk=split)
    places = {now_at(one).pk for one in {row.source_id, row.target_id, *row.parted.values_list("home", flat=True)}}
    if seen.filter(pk__in=places).count() < len(places):
        raise Http404
    splitting.undo_split(row, by=agent)
    return back_to(request, row.source_id)
