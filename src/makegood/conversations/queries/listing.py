"""One page of a list: fifty rows of ready strings, and where the next page begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils import formats, timezone
from django.utils.translation import get_language

from makegood.agents.models import Agent
from makegood.agents.policy import can
from makegood.contacts.models import Handle
from makegood.conversations.models import Conversation
from makegood.conversations.queries.shelves import Shelf
from makegood.conversations.queries.together import Ring
from makegood.database.selecting import kept
from makegood.inboxes.queries import scopes_of
from makegood.web.people import hue_of, initials

ROWS = 50
NOBODY_WAITS = {"closed", "spam", "held"}  # on these shelves


@dataclass(frozen=True, slots=True)
class Row:
    """What the template shows of one conversation; nothing is computed there."""

    id: int
    who: str
    subject: str
    line: str
    when: str
    when_whole: str
    when_exact: str
    waits: str
    is_waiting: bool
    is_trouble: bool
    owner: str
    owner_initials: str
    owner_hue: int
    ring: Ring | None = None  # of whoever is there at this moment


@dataclass(frozen=True, slots=True)
class Page:
    """Rows and the cursor of the page after them, empty at the end."""

    rows: list[Row]
    older: str


def page_of(shelf: Shelf, agent: Agent, cursor: str = "") -> Page:
    """One query. Newest first by (last_at, id); `cursor` is a former page's `older`, anything else is the beginning."""
    if begin := _read_cursor(cursor):
        last_at, last_id = begin
        rows = shelf.of(agent).filter(last_at__lte=last_at).filter(Q(last_at__lt=last_at) | Q(pk__lt=last_id))
        found = list(_newest(rows))
    else:
        held = can(agent, "conversation.release")
        agent_id = agent.pk if shelf.name == "mine" else None
        found = _first(shelf.name, shelf.inbox, shelf.team, agent_id, tuple(scopes_of(agent)), held)
    shown = found[:ROWS]
    older = f"{shown[-1]['last_at'].timestamp():.6f}.{shown[-1]['pk']}" if len(found) > ROWS else ""
    addresses = _addresses({values["contact_id"] for values in shown if not values["contact__name"]})
    return Page([_row(values, addresses, may_wait=shelf.name not in NOBODY_WAITS) for values in shown], older)


@kept
def _first(
    name: str, inbox: int | None, team: int | None, agent_id: int | None, scopes: tuple[int, ...], held: bool
) -> QuerySet[Conversation, Any]:
    seen = Conversation.objects.shown_within(scopes, held=held)
    return _newest(Shelf(name, inbox, team).among(seen, agent_id))


def _newest(rows: QuerySet[Conversation]) -> QuerySet[Conversation, Any]:
    return rows.order_by("-last_at", "-pk").values(
        "pk", "subject", "last_line", "last_at", "snoozed_until", "waiting_since", "is_trouble", "assignee_id",
        "assignee__name", "contact_id", "contact__name",
    )[: ROWS + 1]  # fmt: skip


def older_url(shelf: Shelf, cursor: str) -> str:
    """The address of the next page."""
    return "?" + "&".join(part for part in (shelf.query, urlencode({"older": cursor}) if cursor else "") if part)


def _addresses(nameless: set[Any]) -> dict[int, str]:
    """The first address of each, to be shown in a name's place."""
    if not nameless:
        return {}
    return dict(Handle.objects.filter(contact__in=nameless).order_by("-pk").values_list("contact_id", "value"))


def _row(values: Mapping[str, Any], addresses: Mapping[int, str], *, may_wait: bool) -> Row:
    # Of what is put off, when it comes back is what one wants to know.
    last_at, waiting = values["snoozed_until"] or values["last_at"], values["waiting_since"] if may_wait else None
    assert isinstance(last_at, datetime)
    minute, zone = last_at.replace(second=0, microsecond=0), timezone.get_current_timezone_name()
    short, whole, exact = _moment(minute, timezone.localdate(), get_language() or "en", zone)
    owner = str(values["assignee__name"] or "")
    return Row(
        id=int(str(values["pk"])),
        who=str(values["contact__name"] or addresses.get(values["contact_id"], "")),
        subject=str(values["subject"] or ""),
        line=str(values["last_line"] or ""),
        when=short,
        when_whole=whole,
        when_exact=exact,
        waits=waiting.isoformat() if isinstance(waiting, datetime) else "",
        is_waiting=waiting is not None,
        is_trouble=bool(values["is_trouble"]),
        owner=owner,
        owner_initials=initials(owner) if owner else "",
        owner_hue=hue_of(values["assignee_id"]) if owner else 0,
    )


@lru_cache(maxsize=4096)
def _moment(moment: datetime, today: object, language: str, zone: str) -> tuple[str, str, str]:
    """One memoised formatter for times: short, whole and exact."""
    local = timezone.localtime(moment)
    day = "MONTH_DAY_FORMAT" if local.year == timezone.localdate().year else "SHORT_DATE_FORMAT"
    style = "TIME_FORMAT" if local.date() == today else day
    return formats.date_format(local, style), formats.date_format(local, "DATETIME_FORMAT"), moment.isoformat()


def _read_cursor(cursor: str) -> tuple[datetime, int] | None:
    stamp, _, number = cursor.rpartition(".")
    try:
        return datetime.fromtimestamp(float(stamp), tz=timezone.get_fixed_timezone(0)), int(number)
    except (ValueError, OverflowError, OSError):
        return None
