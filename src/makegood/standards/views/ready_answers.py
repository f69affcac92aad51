"""What an inbox answers by itself: written here, seen whole, and only then switched on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.agents.models import Agent
from makegood.agents.policy import require
from makegood.inboxes.models import Inbox
from makegood.standards.actions import answering
from makegood.standards.forms import ReadyAnswerForm
from makegood.standards.models import ReadyAnswer
from makegood.standards.previewing import preview_of
from makegood.standards.showing import answers_in_words


@require_http_methods(["GET", "POST"])
def index(request: HttpRequest, number: int) -> HttpResponse:
    agent, inbox = _inbox(request, number)
    form = ReadyAnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _back(answering.write_answer(inbox, **form.cleaned_data, by=agent.actor))
    context = {"inbox": inbox, "form": form, "answers": answers_in_words(inbox)}
    return render(request, "standards/ready_answers.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int, answer: int) -> HttpResponse:
    agent, inbox, found = _answer(request, number, answer)
    known = {"occasion": found.occasion, "language": found.language, "words": found.words}
    given = {"occasion": found.occasion, "language": found.language, "words": request.POST.get("words", "")}
    form = ReadyAnswerForm(given if request.method == "POST" else None, initial=known)
    if form.is_valid():
        return _back(answering.write_answer(inbox, **form.cleaned_data, by=agent.actor))
    context = {"inbox": inbox, "answer": found, "form": form, "preview": preview_of(found)}
    return render(request, "standards/ready_answer.html", context, status=422 if form.errors else 200)


@require_POST
def switch_on(request: HttpRequest, number: int, answer: int) -> HttpResponse:
    agent, _of, found = _answer(request, number, answer)
    seen = request.POST.get("seen", "").replace("\r\n", "\n")
    if not preview_of(found).text:
        messages.error(request, _("Nothing is switched on: the words name a time, and none is known."))
    elif not answering.switch(found, is_on=True, words=seen, by=agent.actor):
        messages.error(request, _("Somebody has changed the words. Look at them once more."))
    return _back(found)


@require_POST
def switch_off(request: HttpRequest, number: int, answer: int) -> HttpResponse:
    agent, _of, found = _answer(request, number, answer)
    answering.switch(found, is_on=False, words=found.words, by=agent.actor)
    return _back(found)


@require_POST
def destroy(request: HttpRequest, number: int, answer: int) -> HttpResponse:
    agent, inbox, found = _answer(request, number, answer)
    answering.remove_answer(found, by=agent)
    return redirect("ready-answers", inbox.pk)


def _inbox(request: HttpRequest, number: int) -> tuple[Agent, Inbox]:
    agent = require(request.user, "inbox.manage")
    return agent, get_object_or_404(Inbox, pk=number)


def _answer(request: HttpRequest, number: int, answer: int) -> tuple[Agent, Inbox, ReadyAnswer]:
    agent, inbox = _inbox(request, number)
    return agent, inbox, get_object_or_404(ReadyAnswer.objects.select_related("inbox"), pk=answer, inbox=inbox)


def _back(answer: ReadyAnswer) -> HttpResponseRedirect:
    return redirect("ready-answer", answer.inbox_id, answer.pk)
