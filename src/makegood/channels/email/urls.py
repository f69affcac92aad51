"""Addresses of e-mail's own pages: one inbox, its test, its trust and its sign-in."""

from __future__ import annotations

from django.urls import path

from makegood.channels.email.views import inbox_sign_in, inbox_tests, inbox_trust, inboxes

urlpatterns = [
    path("settings/inboxes/new", inboxes.create, name="inbox-new"),
    path("settings/inboxes/<int:number>", inboxes.edit, name="inbox"),
    path("settings/inboxes/<int:number>/test", inbox_tests.create, name="inbox-test"),
    path("settings/inboxes/<int:number>/trust", inbox_trust.create, name="inbox-trust"),
    path("settings/inboxes/<int:number>/sign-in", inbox_sign_in.create, name="inbox-sign-in"),
    path("settings/inboxes/sign-in", inbox_sign_in.show, name="oauth-return"),
]
