"""A conversation is merged into another one, and comes back out."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.conversations.actions import merging
from makegood.conversations.errors import MergedMeanwhile
from makegood.conversations.forms import MergeForm
from makegood.conversations.models import Conversation, Merge
from makegood.conversations.queries.choosing import choice_for
from makegood.conversations.queries.whereabouts import now_at
from makegood.conversations.views.finding import back_to, find
from makegood.conversations.views.sorting import valid
from makegood.web.undoing import offer_undo


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.merge")
    if request.method == "GET":
        if conversation.pk != number:
            return redirect("mergers", conversation.pk)
        context = {"conversation": conversation, "choice": choice_for(conversation, agent, request.GET.get("q", ""))}
        return render(request, "conversations/merging.html", context)
    form = MergeForm(request.POST, agent=agent)
    valid(form)
    into = form.cleaned_data["into"]
    if conversation.pk != number:  # somebody was quicker
        if conversation.pk != into.pk:
            raise MergedMeanwhile
        return back_to(request, into.pk)
    merged = merging.merge(conversation, into=into, by=agent)
    offer_undo(request, _("Merged."), reverse("merger-delete", args=[into.pk, merged.pk]))
    return back_to(request, into.pk)


@require_POST
def destroy(request: HttpRequest, number: int, merge: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.merge")
    seen = Merge.objects.filter(source__in=Conversation.objects.visible_to(agent))
    merged = get_object_or_404(seen.select_related("source", "target"), pk=merge)
    goes_to = Conversation.objects.visible_to(agent).filter(pk=merging.goal_of(merged).pk)
    if merged.undone_at is None and (now_at(merged.target_id).pk != conversation.pk or not goes_to.exists()):
        raise Http404
    merging.undo_merge(merged, by=agent)
    return back_to(request, conversation.pk)
