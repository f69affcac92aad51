"""One page of a list: fifty rows of ready strings, in groups, and where the next page begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from makegood.agents.models import Agent
from makegood.agents.policy import can
from makegood.contacts.models import Handle
from makegood.conversations.models import Conversation
from makegood.conversations.queries.agenda import Agenda, Group, Row
from makegood.conversations.queries.orders import DUE, NEWEST, PARTS, Place, begin_at
from makegood.conversations.queries.shelves import Shelf
from makegood.conversations.queries.together import Ring
from makegood.database.selecting import kept
from makegood.inboxes.queries import scopes_of

ROWS = 50
COLUMNS = (
    "pk", "subject", "last_line", "last_at", "snoozed_until", "waiting_since", "is_trouble", "next_due_at", "standard",
    "assignee_id", "assignee__name", "contact_id", "contact__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in groups, and the cursor of the page after them, empty at the end."""

    groups: list[Group]
    older: str

    @property
    def rows(self) -> list[Row]:
        """All of them."""
        return [row for group in self.groups for row in group.rows]

    def with_rings(self, rings: Mapping[int, Ring]) -> Page:
        """The same, with who is there at this moment."""
        for group in self.groups if rings else ():
            group.rows = [replace(row, ring=rings.get(row.id)) for row in group.rows]
        return self


def page_of(shelf: Shelf, agent: Agent, cursor: str = "", order: str = DUE) -> Page:
    """`order` is one of `orders.ORDERS` and matters on shelves that have them; `cursor` is a former page's `older`.

    One query, and one more where an order's first part ends on this page.
    """
    order = order if shelf.has_orders else NEWEST
    number, place = begin_at(order, cursor)
    found: list[tuple[str, Mapping[str, Any]]] = []
    while len(found) <= ROWS and number < len(PARTS[order]):
        mark = PARTS[order][number].mark
        found += [(mark, values) for values in _rows(shelf, agent, order, number, place)]
        number, place = number + 1, None
    shown = found[:ROWS]
    addresses = _addresses({values["contact_id"] for _, values in shown if not values["contact__name"]})
    agenda = Agenda(shelf, order, addresses, begins_at=_begins_at(order, cursor))
    return Page(agenda.groups(shown, is_end=len(found) <= ROWS), _cursor_of(order, shown) if len(found) > ROWS else "")


def older_url(shelf: Shelf, order: str, cursor: str) -> str:
    """The address of the next page."""
    return f"?{shelf.query_with(order=order if shelf.has_orders else '', older=cursor)}"


def _rows(shelf: Shelf, agent: Agent, order: str, number: int, place: Place | None) -> list[Any]:
    held, agent_id = can(agent, "conversation.release"), agent.pk if shelf.name == "mine" else None
    if place is None:
        return _first(shelf.name, shelf.inbox, shelf.team, agent_id, tuple(scopes_of(agent)), held, order, f"{number}")
    return list(PARTS[order][number].after(shelf.of(agent), place).values(*COLUMNS)[: ROWS + 1])


@kept
def _first(
    name: str, inbox: int | None, team: int | None, agent_id: int | None, scopes: tuple[int, ...], held: bool,
    order: str, number: str,
) -> QuerySet[Conversation, Any]:  # fmt: skip
    """`number` is a word here: it belongs to the statement."""
    seen = Conversation.objects.shown_within(scopes, held=held)
    rows = Shelf(name, inbox, team).among(seen, agent_id)
    found: QuerySet[Conversation, Any] = PARTS[order][int(number)].first(rows).values(*COLUMNS)[: ROWS + 1]
    return found


def _cursor_of(order: str, shown: list[tuple[str, Mapping[str, Any]]]) -> str:
    mark, values = shown[-1]
    by = next(part.by for part in PARTS[order] if part.mark == mark)
    return str(Place(mark, values[by], values["pk"]))


def _begins_at(order: str, cursor: str) -> datetime | None:
    """Where in time a later page goes on; None for the first."""
    place = begin_at(order, cursor)[1]
    return place.at if place else None


def _addresses(nameless: set[Any]) -> dict[int, str]:
    """The first address of each, to be shown in a name's place."""
    if not nameless:
        return {}
    return dict(Handle.objects.filter(contact__in=nameless).order_by("-pk").values_list("contact_id", "value"))
