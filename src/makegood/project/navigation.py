"""What stands in the rail, and what every template may use."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from makegood.agents.models import Agent
from makegood.agents.policy import can
from makegood.channels.queries import failed_work_count
from makegood.conversations.queries.shelves import MOST_COUNTED, Shelf, capped_counts
from makegood.inboxes.queries import opened_by
from makegood.live.hub import newest_id
from makegood.web.appearance import appearance
from makegood.web.navigation import Item, Me, Section

SHELF_ICONS = {"mine": "user", "nobody": "inbox", "open": "mail", "snoozed": "clock", "closed": "check", "spam": "flag"}


def context(request: HttpRequest) -> dict[str, Any]:
    """For every template: looks for all, the rail for those who are signed in. Lazily: a fragment needs none of it."""
    agent = getattr(request, "user", None)
    common: dict[str, Any] = {**appearance(request), "user": agent}
    if not isinstance(agent, Agent):
        return common
    return common | {
        "navigation": lambda: _navigation(request, agent),
        "settings_menu": lambda: settings_menu(request, agent),
        "me": _me(request, agent),
        "last_event_id": newest_id,
        "keys_off": not agent.single_keys,
    }


def settings_menu(request: HttpRequest, agent: Agent) -> list[Section]:
    """The menu of the settings pages: what this role may open."""
    you = [_item(request, _("Profile"), "user", "profile"), _item(request, _("Sign-in and devices"), "key", "security")]
    house = []
    if can(agent, "inbox.manage"):
        house.append(_item(request, _("E-mail"), "mail", "inboxes"))
    if can(agent, "agent.manage"):
        house.append(_item(request, _("People and teams"), "people", "agents"))
    if can(agent, "work.retry"):
        house.append(_item(request, _("Failed work"), "warn", "failed-work"))
    if can(agent, "audit.read"):
        house.append(_item(request, _("Audit"), "shield", "audit"))
    return [Section(_("You"), you), *([Section(_("How we work"), house)] if house else [])]


def _navigation(request: HttpRequest, agent: Agent) -> list[Section]:
    inboxes = opened_by(agent)
    titles = {
        "mine": _("Mine"), "nobody": _("Nobody’s yet"), "open": _("Open"), "snoozed": _("Snoozed"),
        "closed": _("Closed"), "spam": _("Spam"),
    }  # fmt: skip
    shelves: dict[tuple[str, object], Shelf]
    shelves = {("view", name): Shelf(name) for name in ("mine", "nobody", "open", "snoozed")}
    shelves |= {("inbox", inbox.pk): Shelf(inbox=inbox.pk) for inbox in inboxes}
    counts = capped_counts({key: shelf.of(agent) for key, shelf in shelves.items()})
    views = [
        _shelf_item(request, titles[name], icon, Shelf(name), counts.get(("view", name), 0), is_tab=name == "open")
        for name, icon in SHELF_ICONS.items()
    ]
    by_inbox = [
        _shelf_item(request, inbox.name, "mail", Shelf(inbox=inbox.pk), counts["inbox", inbox.pk]) for inbox in inboxes
    ]
    sections = [Section("", views), *([Section(_("Inboxes"), by_inbox)] if len(by_inbox) > 1 else [])]
    if can(agent, "work.retry") and (failed := failed_work_count()):
        words = _("%(count)d failed") % {"count": failed}
        sections[0].items.append(Item(_("Failed work"), "warn", reverse("failed-work"), hot=words))
    return sections


def _shelf_item(request: HttpRequest, label: str, icon: str, shelf: Shelf, count: int, is_tab: bool = False) -> Item:
    url = reverse("conversations") + (f"?{shelf.query}" if shelf.query else "")
    shown = f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else count
    current = request.get_full_path() == url
    return Item(label, icon, url, count=shown, current=current, key="g i" if is_tab else "", is_tab=is_tab)  # type: ignore[arg-type]


def _item(request: HttpRequest, label: str, icon: str, name: str) -> Item:
    url = reverse(name)
    return Item(label, icon, url, current=request.path.startswith(url))


def _me(request: HttpRequest, agent: Agent) -> Me:
    in_settings = request.path.startswith("/settings")
    return Me(agent.pk, agent.name, agent.get_role_display(), reverse("profile"), in_settings=in_settings)
