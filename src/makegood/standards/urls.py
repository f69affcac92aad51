"""Addresses of answer standards."""

from __future__ import annotations

from django.urls import path

from makegood.standards.views import due_times, targets

urlpatterns = [
    path("settings/standards", targets.edit, name="standards"),
    path("settings/standards/special", targets.create, name="special-standards"),
    path("settings/standards/special/<int:number>/delete", targets.destroy, name="special-standard-delete"),
    path("conversations/<int:number>/due-time", due_times.show, name="due-time"),
]
