"""What every template may use: looks, the rail, the settings menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from makegood.agents.models import Agent
from makegood.agents.policy import can
from makegood.agents.queries import is_alone
from makegood.inboxes.queries import opened_by
from makegood.project.first_run import UNDER_WAY
from makegood.project.rail import rail_of
from makegood.project.returning import way_back
from makegood.web.appearance import appearance
from makegood.web.navigation import Item, Me, Section


def context(request: HttpRequest) -> dict[str, Any]:
    """For every template: looks for all, the rail for those who are signed in. Lazily: a fragment needs none of it."""
    agent = getattr(request, "user", None)
    common: dict[str, Any] = {**appearance(request), "user": agent}
    if not isinstance(agent, Agent):
        return common
    rail = SimpleLazyObject(lambda: rail_of(request, agent))
    return common | {
        "navigation": SimpleLazyObject(lambda: rail.sections),
        "search_tab": SimpleLazyObject(lambda: _item(request, _("Search"), "search", "search")),
        "mail_troubles": SimpleLazyObject(lambda: rail.troubles),
        "settings_menu": SimpleLazyObject(lambda: settings_menu(request, agent)),
        "me": _me(request, agent),
        "way_back": SimpleLazyObject(lambda: way_back(request)),
        "setup_next": SimpleLazyObject(lambda: _setup_next(request, agent)),
        "last_event_id": getattr(request, "last_event_id", 0),
        "keys_off": not agent.single_keys,
    }


def _setup_next(request: HttpRequest, agent: Agent) -> Item | None:
    """Where the first run goes on: its steps lead into the settings, and this leads back until the last is taken."""
    if not request.session.get(UNDER_WAY):
        return None
    if opened_by(agent):
        if not is_alone(agent):
            return None
        return Item(_("Next: invite your team"), "people", reverse("welcome-team"))
    return Item(_("Back to the steps"), "back", reverse("welcome-mail"))


def settings_menu(request: HttpRequest, agent: Agent) -> list[Section]:
    """The menu of the settings pages: what this role may open."""
    you = [_item(request, _("Profile"), "user", "profile"), _item(request, _("Sign-in and devices"), "key", "security")]
    house = []
    if can(agent, "inbox.manage"):
        house.append(_item(request, _("E-mail"), "mail", "inboxes"))
    if can(agent, "team.manage"):
        house.append(_item(request, _("People and teams"), "people", "agents"))
    if can(agent, "house.manage"):
        house.append(_item(request, _("Working hours"), "clock", "hours"))
        house.append(_item(request, _("Answer standards"), "today", "standards"))
    if can(agent, "work.retry"):
        house.append(_item(request, _("Failed work"), "warn", "failed-work"))
    if can(agent, "audit.read"):
        house.append(_item(request, _("Audit"), "shield", "audit"))
    return [Section(_("You"), you), *([Section(_("How we work"), house)] if house else [])]


def _item(request: HttpRequest, label: str, icon: str, name: str) -> Item:
    url = reverse(name)
    return Item(label, icon, url, current=request.path.startswith(url))


def _me(request: HttpRequest, agent: Agent) -> Me:
    in_settings = request.path.startswith("/settings")
    return Me(agent.pk, agent.name, agent.get_role_display(), reverse("profile"), in_settings=in_settings)
