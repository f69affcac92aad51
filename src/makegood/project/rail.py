"""What stands in the rail, with its numbers, and what everybody is told when the mail is in trouble.

All that is counted costs one statement; which inboxes are in trouble is known with the inboxes.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from makegood.agents.models import Agent
from makegood.agents.policy import can
from makegood.channels.queries import counting_failed_work, counting_unsent
from makegood.channels.registry import CHANNELS, channel_of
from makegood.conversations.queries.shelves import MOST_COUNTED, Shelf, counted, counting_shelves
from makegood.inboxes.models import Inbox
from makegood.inboxes.queries import opened_by, scopes_of
from makegood.web.came_from import came_from
from makegood.web.navigation import Item, Section

SHELF_ICONS = {
    "mine": "user", "nobody": "inbox", "open": "mail", "snoozed": "clock", "closed": "check", "spam": "flag",
    "held": "shield",
}  # fmt: skip

TURNED = {"order", "older"}
COUNTED = {"mine", "nobody", "open", "snoozed"}
TABS = {"mine", "nobody", "open"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """A sentence about the mail. `label` says what to do; it leads to `url` when that is given."""

    sentence: str
    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Rail:
    """Its places, and what is wrong with the mail."""

    sections: list[Section]
    troubles: list[Trouble]


def rail_of(request: HttpRequest, agent: Agent) -> Rail:
    """For the page that is open, also when the rail alone is fetched for it."""
    inboxes = opened_by(agent)
    views = [Shelf(name) for name in SHELF_ICONS if name != "held" or can(agent, "conversation.release")]
    by_inbox = [Shelf(inbox=inbox.pk) for inbox in inboxes] if len(inboxes) > 1 else []
    shelves = tuple(shelf for shelf in [*views, *by_inbox] if shelf.name in COUNTED)
    of_shelves = counting_shelves(shelves, agent.pk, tuple(scopes_of(agent)))
    numbers = counted(of_shelves, counting_failed_work(), counting_unsent())
    counts, (*failed, unsent) = dict(zip(shelves, numbers, strict=False)), numbers[len(shelves) :]
    titles, here = _titles(), _here(request)
    items = [_item(here, titles[shelf.name], SHELF_ICONS[shelf.name], shelf, counts.get(shelf, 0)) for shelf in views]
    names = {inbox.pk: inbox.name for inbox in inboxes}
    of_inboxes = [_item(here, names[s.inbox or 0], "mail", s, counts[s]) for s in by_inbox]
    if sum(failed) and can(agent, "work.retry"):
        words = _("%(count)d failed") % {"count": sum(failed)}
        items.append(Item(_("Failed work"), "warn", reverse("failed-work"), hot=words))
    sections = [Section("", items), *([Section(_("Inboxes"), of_inboxes)] if of_inboxes else [])]
    return Rail(sections, _troubles(agent, inboxes, is_late=bool(unsent)))


def _titles() -> dict[str, str]:
    return {
        "mine": _("Mine"), "nobody": _("Nobody’s yet"), "open": _("Open"), "snoozed": _("Snoozed"),
        "closed": _("Closed"), "spam": _("Spam"), "held": _("Held back"),
    }  # fmt: skip


def _item(here: str, label: str, icon: str, shelf: Shelf, count: int) -> Item:
    url = reverse("conversations") + (f"?{shelf.query}" if shelf.query else "")
    is_tab = shelf.inbox is None and shelf.name in TABS
    shown = f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else count
    key = "g i" if shelf == Shelf() else ""
    return Item(label, icon, url, count=shown, current=here == url, key=key, is_tab=is_tab)  # type: ignore[arg-type]


def _here(request: HttpRequest) -> str:
    """The address of the page, without the order and the page of its list; htmx tells it when it fetches a piece."""
    shown = came_from(request, "HX-Current-URL")
    path, query = (request.path, request.META["QUERY_STRING"]) if shown is None else (shown.path, shown.query)
    kept = [(name, value) for name, value in parse_qsl(query) if name not in TURNED]
    return path + (f"?{urlencode(kept)}" if kept else "")


def _troubles(agent: Agent, inboxes: list[Inbox], *, is_late: bool) -> list[Trouble]:
    mends = can(agent, "inbox.manage")
    label = _("See what is wrong") if mends else _("An administrator can mend it.")
    told = []
    if is_late:
        sentence = _("Letters have waited to leave for more than 15 minutes.")
        told.append(Trouble(sentence, label, reverse("inboxes") if mends else ""))
    active = (inbox for inbox in inboxes if inbox.is_active and inbox.channel in CHANNELS)
    bad = [inbox for inbox in active if channel_of(inbox).light_of(inbox).state == "late"]
    if bad:
        sentence = _("The mail of %(names)s is in trouble.") % {"names": ", ".join(inbox.name for inbox in bad)}
        url = channel_of(bad[0]).settings_url(bad[0]) if len(bad) == 1 else reverse("inboxes")
        told.append(Trouble(sentence, label, url if mends else ""))
    return told
