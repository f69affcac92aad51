"""An inbox is connected, or changed, as a form asks."""

from __future__ import annotations

from makegood.agents.models import Agent
from makegood.channels.actions.hurrying import try_waiting
from makegood.channels.wanted import Wanted
from makegood.eventlog.recording import action
from makegood.inboxes.actions.managing import add_inbox, set_access, update_inbox
from makegood.inboxes.models import Inbox


@action
def connect_inbox(channel: str, wanted: Wanted, *, by: Agent) -> Inbox:
    """A new inbox on this kind of channel; from now on it is listened to."""
    settings = wanted.fields["settings"]
    assert isinstance(settings, dict)
    inbox = add_inbox(
        name=str(wanted.fields["name"]),
        address=str(wanted.fields["address"]),
        channel=channel,
        settings=settings,
        secrets=wanted.secrets,
        by=by.actor,
    )
    return change_inbox(inbox, wanted, by=by)


@action
def change_inbox(inbox: Inbox, wanted: Wanted, *, by: Agent) -> Inbox:
    """The inbox as the form asks. A person has just looked at its servers, so what waits to leave is tried again."""
    update_inbox(inbox, fields=wanted.fields, secrets=wanted.secrets, by=by.actor)
    set_access(inbox, is_open_to_all=wanted.is_open_to_all, teams=wanted.teams, by=by.actor)
    try_waiting(inbox)
    return inbox
