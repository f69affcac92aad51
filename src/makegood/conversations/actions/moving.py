"""A conversation goes to another inbox: from then on those who may open that one see it, and nobody else."""

from __future__ import annotations

from makegood.agents.models import Agent
from makegood.conversations.actions import placing
from makegood.conversations.actions.releasing import refuse_held
from makegood.conversations.errors import AnotherChannel
from makegood.conversations.events import ConversationAssigned, ConversationMoved, ConversationMovedAway
from makegood.conversations.models import Conversation
from makegood.eventlog.recording import action, record
from makegood.inboxes.models import Inbox
from makegood.inboxes.queries import open_to, teams_that_open
from makegood.search import index


@action
def move(conversation: Conversation, *, to: Inbox, by: Agent) -> None:
    """Answers leave from there. What was written to the old inbox, or is waiting to leave from it, stays its own, and
    what comes in reply to that joins as before.

    It stays with whom it is with when they may open the new inbox.
    """
    here = placing.in_turn(conversation.pk)
    refuse_held(here)
    left = here.inbox
    if left.pk == to.pk:
        return
    if left.channel != to.channel:
        raise AnotherChannel
    record(ConversationMovedAway(**here.ids), by=by.actor)
    before = (here.assignee_id, here.team_id)
    here.inbox = to
    if here.assignee and not open_to(here.assignee).filter(pk=to.pk).exists():
        here.assignee = None
    if here.team_id == left.team_id or not teams_that_open(to).filter(pk=here.team_id or 0).exists():
        here.team_id = to.team_id
    here.save(update_fields=["inbox", "assignee", "team"])
    index.move(here.pk, to.pk)
    record(ConversationMoved(from_inbox_id=left.pk, **here.ids), by=by.actor)
    if before[0] != here.assignee_id:
        record(ConversationAssigned(agent_id=None, team_id=here.team_id, **here.ids), by=by.actor)
