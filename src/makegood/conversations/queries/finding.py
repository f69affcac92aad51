"""What a search finds: conversations, newest first or best first, with the words that were found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain, islice

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from makegood.agents.models import Agent
from makegood.conversations.models import Conversation, Message, Note, Tag
from makegood.inboxes.queries import opened_by
from makegood.search import index
from makegood.search.engines import Hit
from makegood.search.grammar import Query
from makegood.search.words import fold, forms, spellings, tokens
from makegood.web.sanitised import one_line

SHOWN = 25
LOOKED_AT = 2000  # hits are looked at for filters that only the conversations know
AT_ONCE = 40  # conversations are looked up for a page and a few that will not pass
AROUND = 90
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Found:
    """One conversation and the line that matched; `cursor` is where the next page begins."""

    conversation: Conversation
    snippet: SafeString
    kind: str
    cursor: int


@dataclass(frozen=True, slots=True)
class Unclear:
    """A filter as it was typed, and what could stand there."""

    typed: str
    hint: str


def find(query: Query, agent: Agent, *, best: bool = False, older_than: int | None = None) -> list[Found]:
    """One more than a page holds. Only what the agent may see, asked again of the conversations themselves."""
    scopes = _scopes(query, agent)
    seen = Conversation.objects.visible_to(agent).within(scopes).exclude(status=Conversation.MERGED)
    rows = _filtered(seen, query)
    if not query.terms and not any(query.filter(name) for name in ("from", "to", "file", "has")):
        newest = rows.order_by("-last_at", "-pk").select_related("contact", "inbox")[: SHOWN + 1]
        return [Found(c, escape(c.last_line), "message", 0) for c in newest] if query.filters or query.without else []
    hits = index.find_best(query, scopes=scopes) if best else index.find(query, scopes=scopes, older_than=older_than)
    chosen = _chosen(islice(hits, LOOKED_AT), rows, query, older_than)
    return _with_snippets(list(islice(chosen, SHOWN + 1)), query)


def understood(query: Query) -> tuple[Query, list[Unclear]]:
    """The query without the filters whose value says nothing to us, and those: the rest is searched all the same."""
    unclear = [
        Unclear(f"{name}:{value}", HINTS[name]())
        for name, value in [*query.filters, *query.without]
        if name in HINTS and not _is_clear(name, value)
    ]
    filters, without = (
        [(name, value) for name, value in given if _is_clear(name, value)] for given in (query.filters, query.without)
    )
    return Query(query.terms, filters, without), unclear


def _is_clear(name: str, value: str) -> bool:
    if name == "is":
        return value.lower() in STATES
    if name in {"before", "after"}:
        return _day(value) is not None
    return name != "has" or "".join(tokens(value)).removesuffix("s") == "attachment"


def by_number(text: str, agent: Agent) -> Conversation | None:
    """A conversation's number typed alone, with or without #."""
    digits = text.strip().removeprefix("#")
    if not digits.isdecimal() or len(digits) > 15:
        return None
    return Conversation.objects.visible_to(agent).filter(pk=int(digits)).first()


def _scopes(query: Query, agent: Agent) -> list[int]:
    wanted = [fold(value) for value in query.filter("inbox")]
    inboxes = opened_by(agent)
    return [i.pk for i in inboxes if not wanted or any(w in fold(f"{i.name} {i.address}") for w in wanted)]


def _filtered(rows: QuerySet[Conversation], query: Query) -> QuerySet[Conversation]:
    for name, value in query.filters:
        if name in CONDITIONS:
            rows = rows.filter(CONDITIONS[name](value))
    for name, value in query.without:
        if name in CONDITIONS:
            rows = rows.exclude(CONDITIONS[name](value))
    return rows


def _before(value: str) -> Q:
    return Q(last_at__lt=_day(value) or datetime.min.replace(tzinfo=UTC))


def _after(value: str) -> Q:
    return Q(last_at__gte=_day(value) or datetime.max.replace(tzinfo=UTC))


STATES = {
    **{status: Q(status=status) for status in Conversation.STATUSES},
    "unassigned": Q(assignee=None),
    "waiting": Q(waiting_since__isnull=False),
    "trouble": Q(is_trouble=True),
}


CONDITIONS: dict[str, Callable[[str], Q]] = {
    "tag": lambda value: Q(pk__in=Tag.conversations.through._default_manager.filter(tag__name=value.lower())
                           .values("conversation_id")),
    "is": lambda value: STATES.get(value.lower(), Q(pk=None)),
    "assigned": lambda value: Q(assignee__name__icontains=value),
    "team": lambda value: Q(team__name__icontains=value),
    "before": _before,
    "after": _after,
}  # fmt: skip


HINTS: dict[str, Callable[[], str]] = {
    "is": lambda: _("After “is:” stands one of: %(words)s.") % {"words": ", ".join(STATES)},
    "before": lambda: _("After “before:” stands a day, such as 2026-11-01."),
    "after": lambda: _("After “after:” stands a day, such as 2026-11-01."),
    "has": lambda: _("After “has:” stands “attachment”."),
}


def _day(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text)
        local = datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _chosen(
    hits: Iterable[Hit], rows: QuerySet[Conversation], query: Query, older_than: int | None
) -> Iterator[tuple[Hit, Conversation]]:
    """The first hit of each conversation that passes the filters, in the hits' order, each on one page only."""
    seen: set[int] = set()
    hits = iter(hits)
    while batch := list(islice(hits, AT_ONCE)):
        ids = {hit.conversation_id for hit in batch} - seen
        if older_than is not None:
            ids -= index.found_above(query, ids, older_than)
        passing = rows.filter(pk__in=ids).select_related("contact", "inbox").in_bulk()
        for hit in batch:
            if hit.conversation_id in passing and hit.conversation_id not in seen:
                seen.add(hit.conversation_id)
                yield hit, passing[hit.conversation_id]


def _with_snippets(chosen: list[tuple[Hit, Conversation]], query: Query) -> list[Found]:
    messages = Message.objects.only("text", "subject").in_bulk([h.object_id for h, _ in chosen if h.kind == "message"])
    notes = Note.objects.only("text").in_bulk([h.object_id for h, _ in chosen if h.kind == "note"])
    looked_for = _looked_for(query)
    found = []
    for hit, conversation in chosen:
        kept = messages.get(hit.object_id) if hit.kind == "message" else notes.get(hit.object_id)
        text = kept.text if kept else ""
        found.append(Found(conversation, snippet(text, looked_for), hit.kind, hit.id))
    return found


def _looked_for(query: Query) -> set[str]:
    words = [token for term in query.terms if not term.is_without for token in tokens(term.text)]
    return {form for word in words for form in [*spellings(word), *forms(word)]}


def snippet(text: str, looked_for: set[str]) -> SafeString:
    """The surroundings of the first found word, escaped, each found word in <mark>; at most the first 64 K are read."""
    words = WORD.finditer(text[:65536])
    first = next((m for m in words if _matches(m.group(), looked_for)), None)
    start = max(first.start() - AROUND, 0) if first else 0
    end, place, pieces = start + 3 * AROUND, start, ["… " if start else ""]
    for mark in chain([first] if first else [], words):
        if mark.end() > end:
            break
        if mark is not first and not _matches(mark.group(), looked_for):
            continue
        pieces += [text[place : mark.start()], format_html("<mark>{}</mark>", mark.group())]
        place = mark.end()
    return one_line([*pieces, text[place:end]])


def _matches(word: str, looked_for: set[str]) -> bool:
    folded = fold(word)
    return any(folded == form or (len(form) > 3 and folded.startswith(form)) for form in looked_for)
