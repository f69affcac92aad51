"""Addresses of what comes in and goes out."""

from __future__ import annotations

from django.urls import path

from makegood.channels.views import failed_work, originals

urlpatterns = [
    path("messages/<int:message>/original", originals.show, name="original"),
    path("settings/failed-work", failed_work.index, name="failed-work"),
    path("settings/failed-work/raw/<int:raw>", failed_work.read_again, name="read-again"),
    path("settings/failed-work/mail/<int:mail>", failed_work.send_again, name="send-again"),
    path("settings/failed-work/job/<int:job>", failed_work.run_again, name="run-again"),
]
