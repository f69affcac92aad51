"""Addresses of answer standards."""

from __future__ import annotations

from django.urls import path

from makegood.standards.views import due_times, ready_answers, targets

urlpatterns = [
    path("settings/standards", targets.edit, name="standards"),
    path("settings/standards/special", targets.create, name="special-standards"),
    path("settings/standards/special/<int:number>/delete", targets.destroy, name="special-standard-delete"),
    path("settings/inboxes/<int:number>/answers", ready_answers.index, name="ready-answers"),
    path("settings/inboxes/<int:number>/answers/<int:answer>", ready_answers.edit, name="ready-answer"),
    path("settings/inboxes/<int:number>/answers/<int:answer>/switch", ready_answers.switch_on, name="ready-answer-on"),
    path(
        "settings/inboxes/<int:number>/answers/<int:answer>/switch/delete",
        ready_answers.switch_off,
        name="ready-answer-off",
    ),
    path(
        "settings/inboxes/<int:number>/answers/<int:answer>/delete", ready_answers.destroy, name="ready-answer-delete"
    ),
    path("conversations/<int:number>/due-time", due_times.show, name="due-time"),
]
