"""Every address of the house."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from makegood.project.views import health, home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.index, name="home"),
    path("health", health.show, name="health"),
    path("", include("makegood.conversations.urls")),
    path("", include("makegood.channels.urls")),
    *[path(f"settings/{name}", home.index, name=name) for name in ("profile", "security", "inboxes", "agents", "audit")],
    path("accounts/", include("allauth.urls")),
]
