"""Colleagues who are at a conversation at this moment, in ready strings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.agents.models import Agent
from makegood.conversations.models import Conversation
from makegood.live.models import LOOKING, NOTE
from makegood.live.queries import There, present
from makegood.web.people import face, first_name


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody beside the viewer. `started`: since when they write, in words."""

    first_name: str
    face: SafeString
    words: str
    is_writing: bool
    started: str


@dataclass(frozen=True, slots=True)
class Ring:
    """Around the owner of a row, or around the colleague who is there when nobody owns it."""

    conversation_id: int
    words: str = ""
    face: SafeString | str = ""


def colleagues_at(conversation_id: int, viewer: Agent) -> list[Colleague]:
    """Who writes stands first. Two statements at most."""
    there = [one for one in present([conversation_id]) if one.agent_id != viewer.pk]
    names = _names(there)
    return [
        Colleague(
            first_name(names[one.agent_id]),
            face(names[one.agent_id], one.agent_id, "team", "s"),
            _words(first_name(names[one.agent_id]), one.doing),
            one.doing != LOOKING,
            _started(one.seconds),
        )
        for one in _writers_first(there, names)
    ]


def rings_of(conversation_ids: Collection[int], viewer: Agent) -> dict[int, Ring]:
    """By conversation, of those that the viewer sees already. Two statements at most."""
    there = [one for one in present(conversation_ids) if one.agent_id != viewer.pk]
    names = _names(there)
    by_conversation: dict[int, list[There]] = defaultdict(list)
    for one in _writers_first(there, names):
        by_conversation[one.conversation_id].append(one)
    return {
        number: Ring(
            number,
            ", ".join(_words(first_name(names[one.agent_id]), one.doing) for one in ones),
            face(names[ones[0].agent_id], ones[0].agent_id, "team", "s"),
        )
        for number, ones in by_conversation.items()
    }


def rings_asked(conversation_ids: Iterable[int], viewer: Agent) -> list[Ring]:
    """For rows that a page shows, one for each that the viewer may see, also where nobody is."""
    seen = Conversation.objects.visible_to(viewer).filter(pk__in=list(conversation_ids))
    numbers = list(seen.order_by("pk").values_list("pk", flat=True))
    rings = rings_of(numbers, viewer)
    return [rings.get(number) or Ring(number) for number in numbers]


def _names(there: Iterable[There]) -> dict[int, str]:
    agents = {one.agent_id for one in there}
    return dict(Agent.objects.filter(pk__in=agents).values_list("pk", "name")) if agents else {}


def _writers_first(there: Iterable[There], names: dict[int, str]) -> list[There]:
    known = [one for one in there if one.agent_id in names]
    return sorted(known, key=lambda one: one.doing == LOOKING)


def _words(name: str, doing: str) -> str:
    if doing == LOOKING:
        sentence = _("%(name)s is looking")
    else:
        sentence = _("%(name)s is writing a note") if doing == NOTE else _("%(name)s is writing a reply")
    return sentence % {"name": name}


def _started(seconds: float) -> str:
    """No more exact than the page is told: it asks again every quarter of a minute."""
    if seconds < 10:
        return _("started just now")
    if seconds < 60:
        tens = int(seconds) // 10 * 10
        return ngettext("started %(count)d second ago", "started %(count)d seconds ago", tens) % {"count": tens}
    minutes = int(seconds) // 60
    return ngettext("started %(count)d minute ago", "started %(count)d minutes ago", minutes) % {"count": minutes}
