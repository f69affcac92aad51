"""Every address of the house."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from makegood.project.views import audit, first_standard, grants, health, home, rail, welcome

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.index, name="home"),
    path("health", health.show, name="health"),
    path("rail", rail.show, name="rail"),
    path("", include("makegood.conversations.urls")),
    path("", include("makegood.standards.urls")),
    path("", include("makegood.channels.urls")),
    path("", include("makegood.agents.urls")),
    path("settings/teams/<int:number>/inboxes", grants.edit, name="team-inboxes"),
    path("settings/audit", audit.index, name="audit"),
    path("welcome/standard", first_standard.edit, name="welcome-standard"),
    path("welcome/mail", welcome.mail, name="welcome-mail"),
    path("welcome/team", welcome.team, name="welcome-team"),
    path("welcome/<str:token>", welcome.shop, name="welcome"),
]
handler500 = "makegood.project.views.errors.broken"
