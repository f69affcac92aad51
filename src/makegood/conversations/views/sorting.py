"""Nouns that a conversation can be given or lose: assignment, closure, snooze, tags, spam mark, release."""

from __future__ import annotations

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.conversations.actions import assigning, closing, releasing, spam, tagging
from makegood.conversations.forms import AssignForm, SnoozeForm, TagForm
from makegood.conversations.models import Tag
from makegood.conversations.views.finding import back_to, find
from makegood.errors import Refused
from makegood.web.undoing import offer_undo


@require_POST
def assign(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.assign")
    form = AssignForm(request.POST, inbox=conversation.inbox)
    valid(form)
    assigning.assign(conversation, to=form.cleaned_data["agent"], team=form.cleaned_data["team"], by=agent)
    return back_to(request, number)


@require_POST
def close(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.close")
    closing.close(conversation, by=agent)
    offer_undo(request, _("Closed."), reverse("closure-delete", args=[number]))
    return back_to(request, number)


@require_POST
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.close")
    closing.reopen(conversation, by=agent)
    return back_to(request, number)


@require_POST
def snooze(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.snooze")
    form = SnoozeForm(request.POST)
    valid(form)
    closing.snooze(conversation, until=form.cleaned_data["moment"], by=agent)
    offer_undo(request, _("Snoozed."), reverse("closure-delete", args=[number]))
    return back_to(request, number)


@require_POST
def tag(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.tag")
    form = TagForm(request.POST)
    valid(form)
    tagging.tag(conversation, form.cleaned_data["name"], by=agent)
    return back_to(request, number)


@require_POST
def untag(request: HttpRequest, number: int, tag: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.tag")
    tagging.untag(conversation, get_object_or_404(Tag.objects.visible_to(agent), pk=tag), by=agent)
    return back_to(request, number)


@require_POST
def mark_spam(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.spam")
    spam.mark_spam(conversation, by=agent)
    offer_undo(request, _("Marked as spam."), reverse("spam-delete", args=[number]))
    return back_to(request, number)


@require_POST
def clear_of_spam(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.spam")
    spam.clear_of_spam(conversation, by=agent)
    return back_to(request, number)


@require_POST
def release(request: HttpRequest, number: int) -> HttpResponse:
    agent, conversation = find(request, number, "conversation.release")
    releasing.release(conversation, by=agent)
    return back_to(request, number)


def valid(form: Form) -> None:
    """Raises `Refused` with what is wrong: these forms stand in menus, which have closed."""
    if not form.is_valid():
        raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
