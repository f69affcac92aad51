"""Addresses of what comes in and goes out."""

from __future__ import annotations

from django.urls import path

from makegood.channels.email.urls import urlpatterns as of_email
from makegood.channels.views import channel_inboxes, failed_work, hooks, inboxes, originals, remote_images

urlpatterns = [
    *of_email,
    path("messages/<int:message>/original", originals.show, name="original"),
    path("remote-images/<int:message>", remote_images.frame, name="remote-images"),
    path("remote-images/<int:message>/image", remote_images.image, name="remote-image"),
    path("settings/inboxes", inboxes.index, name="inboxes"),
    path("settings/inboxes/of/<slug:kind>/new", channel_inboxes.create, name="channel-inbox-new"),
    path("settings/inboxes/<int:number>/form", channel_inboxes.edit, name="channel-inbox"),
    path("settings/inboxes/<int:number>/switch-off", inboxes.switch_off, name="inbox-off"),
    path("settings/inboxes/<int:number>/switch-off/delete", inboxes.switch_on, name="inbox-on"),
    path("hooks/<int:number>", hooks.create, name="hook"),
    path("settings/failed-work", failed_work.index, name="failed-work"),
    path("settings/failed-work/raw/<int:raw>", failed_work.read_again, name="read-again"),
    path("settings/failed-work/mail/<int:mail>", failed_work.send_again, name="send-again"),
    path("settings/failed-work/answers/<int:answers>", failed_work.answer_again, name="answer-again"),
    path("settings/failed-work/job/<int:job>", failed_work.run_again, name="run-again"),
]
