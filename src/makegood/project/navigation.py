"""What stands in the rail, and what every template may use."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from makegood.agents.models import Agent
from makegood.agents.policy import can
from makegood.channels.queries import counting_failed_work
from makegood.conversations.queries.shelves import MOST_COUNTED, Shelf, counted, counting_shelves
from makegood.inboxes.queries import opened_by, scopes_of
from makegood.live.hub import newest_id
from makegood.project.first_run import UNDER_WAY
from makegood.project.returning import way_back
from makegood.web.appearance import appearance
from makegood.web.navigation import Item, Me, Section

SHELF_ICONS = {
    "mine": "user", "nobody": "inbox", "open": "mail", "snoozed": "clock", "closed": "check", "spam": "flag",
    "held": "shield",
}  # fmt: skip

COUNTED = {"mine", "nobody", "open", "snoozed"}


def context(request: HttpRequest) -> dict[str, Any]:
    """For every template: looks for all, the rail for those who are signed in. Lazily: a fragment needs none of it."""
    agent = getattr(request, "user", None)
    common: dict[str, Any] = {**appearance(request), "user": agent}
    if not isinstance(agent, Agent):
        return common
    return common | {
        "navigation": SimpleLazyObject(lambda: _navigation(request, agent)),
        "settings_menu": SimpleLazyObject(lambda: settings_menu(request, agent)),
        "me": _me(request, agent),
        "way_back": SimpleLazyObject(lambda: way_back(request)),
        "setup_next": SimpleLazyObject(lambda: _setup_next(request, agent)),
        "last_event_id": SimpleLazyObject(newest_id),
        "keys_off": not agent.single_keys,
    }


def _setup_next(request: HttpRequest, agent: Agent) -> Item | None:
    """Where the first run goes on: its steps lead into the settings, and this leads back."""
    if not request.session.get(UNDER_WAY):
        return None
    if opened_by(agent):
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
    if can(agent, "work.retry"):
        house.append(_item(request, _("Failed work"), "warn", "failed-work"))
    if can(agent, "audit.read"):
        house.append(_item(request, _("Audit"), "shield", "audit"))
    return [Section(_("You"), you), *([Section(_("How we work"), house)] if house else [])]


def _navigation(request: HttpRequest, agent: Agent) -> list[Section]:
    inboxes = opened_by(agent)
    titles = {
        "mine": _("Mine"), "nobody": _("Nobody’s yet"), "open": _("Open"), "snoozed": _("Snoozed"),
        "closed": _("Closed"), "spam": _("Spam"), "held": _("Held back"),
    }  # fmt: skip
    views = [Shelf(name) for name in SHELF_ICONS if name != "held" or can(agent, "conversation.release")]
    by_inbox = [Shelf(inbox=inbox.pk) for inbox in inboxes] if len(inboxes) > 1 else []
    shelves = tuple(shelf for shelf in [*views, *by_inbox] if shelf.name in COUNTED)
    numbers = counted(counting_shelves(shelves, agent.pk, tuple(scopes_of(agent))), counting_failed_work())
    counts, failed = dict(zip(shelves, numbers, strict=False)), sum(numbers[len(shelves) :])
    items = [
        _shelf_item(request, titles[shelf.name], SHELF_ICONS[shelf.name], shelf, counts.get(shelf, 0))
        for shelf in views
    ]
    names = {inbox.pk: inbox.name for inbox in inboxes}
    of_inboxes = [_shelf_item(request, names[s.inbox or 0], "mail", s, counts[s]) for s in by_inbox]
    sections = [Section("", items), *([Section(_("Inboxes"), of_inboxes)] if of_inboxes else [])]
    if failed and can(agent, "work.retry"):
        words = _("%(count)d failed") % {"count": failed}
        sections[0].items.append(Item(_("Failed work"), "warn", reverse("failed-work"), hot=words))
    return sections


def _shelf_item(request: HttpRequest, label: str, icon: str, shelf: Shelf, count: int) -> Item:
    url = reverse("conversations") + (f"?{shelf.query}" if shelf.query else "")
    is_tab = shelf == Shelf()
    shown = f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else count
    current = request.get_full_path() == url
    return Item(label, icon, url, count=shown, current=current, key="g i" if is_tab else "", is_tab=is_tab)  # type: ignore[arg-type]


def _item(request: HttpRequest, label: str, icon: str, name: str) -> Item:
    url = reverse(name)
    return Item(label, icon, url, current=request.path.startswith(url))


def _me(request: HttpRequest, agent: Agent) -> Me:
    in_settings = request.path.startswith("/settings")
    return Me(agent.pk, agent.name, agent.get_role_display(), reverse("profile"), in_settings=in_settings)
