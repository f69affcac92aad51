"""Whom and what the events of one page are about, by name: a query a kind, however many rows there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from makegood.agents.models import Agent, Team
from makegood.contacts.models import Contact
from makegood.conversations.models import Conversation, Tag
from makegood.eventlog.events import Actor
from makegood.eventlog.models import LoggedEvent
from makegood.inboxes.queries import opened_by


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id, as far as the viewer may see them; what has none here is called by its kind."""

    agents: dict[int, str]
    teams: dict[int, str]
    inboxes: dict[int, str]
    tags: dict[int, str]
    contacts: dict[int, str]
    conversations: dict[int, str]

    def who(self, actor: Actor) -> str:
        """Who did it."""
        if actor.kind == "agent":
            return self.agents.get(actor.id or 0) or _("Somebody")
        if actor.kind == "contact":
            return self.contacts.get(actor.id or 0) or _("A customer")
        return {"system": "Makegood"}.get(actor.kind, actor.kind)


def names_in(events: Iterable[LoggedEvent], agents: dict[int, Agent], viewer: Agent) -> Names:
    """Everything that these events name, seen by this agent."""
    events = list(events)
    told = {event.conversation_id for event in events if event.conversation_id} | _ids(events, "other_id")
    conversations = Conversation.objects.visible_to(viewer).filter(pk__in=told)
    actors = (Actor.read(event.actor) for event in events)
    contacts = {event.contact_id for event in events} | {actor.id for actor in actors if actor.kind == "contact"}
    tags = Tag.objects.visible_to(viewer).filter(pk__in=_ids(events, "tag_id"))
    return Names(
        {number: agent.name for number, agent in agents.items()},
        dict(Team.objects.filter(pk__in=_ids(events, "team_id")).values_list("pk", "name")),
        {inbox.pk: inbox.name for inbox in opened_by(viewer)},
        dict(tags.values_list("pk", "name")),
        dict(Contact.objects.filter(pk__in=filter(None, contacts)).values_list("pk", "name")),
        dict(conversations.values_list("pk", "subject")),
    )


def _ids(events: Iterable[LoggedEvent], fact: str) -> set[int]:
    return {number for event in events if isinstance(number := event.data.get(fact), int)}
