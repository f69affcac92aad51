"""The one policy: which role may do which verb. Rows are limited by inbox scopes; both are always asked."""

from __future__ import annotations

from django.utils.translation import gettext as _

from makegood.agents.models import Agent, Role
from makegood.errors import NotAllowed

LIGHT, AGENT, LEAD, ADMIN = Role.LIGHT, Role.AGENT, Role.LEAD, Role.ADMIN
EVERYBODY = frozenset({LIGHT, AGENT, LEAD, ADMIN})
ANSWERING = frozenset({AGENT, LEAD, ADMIN})
LEADING = frozenset({LEAD, ADMIN})
ADMINS = frozenset({ADMIN})

MAY: dict[str, frozenset[Role]] = {
    "conversation.read": EVERYBODY,
    "conversation.note": EVERYBODY,
    "conversation.reply": ANSWERING,
    "conversation.start": ANSWERING,
    "conversation.assign": ANSWERING,
    "conversation.close": ANSWERING,
    "conversation.snooze": ANSWERING,
    "conversation.tag": EVERYBODY,
    "conversation.spam": ANSWERING,
    "conversation.merge": ANSWERING,
    "conversation.move": ANSWERING,
    "conversation.rename": ANSWERING,
    "conversation.follow": EVERYBODY,
    "conversation.release": ANSWERING,
    "contact.read": EVERYBODY,
    "contact.edit": ANSWERING,
    "contact.block": ANSWERING,
    "search.use": EVERYBODY,
    "self.edit": EVERYBODY,
    "inbox.manage": ADMINS,
    "agent.manage": ADMINS,
    "team.manage": LEADING,
    "house.manage": ADMINS,
    "work.retry": LEADING,
    "audit.read": ADMINS,
    "backup.manage": ADMINS,
}


def can(agent: object, verb: str) -> bool:
    """Whether this person's role allows the verb. Strangers and inactive agents may do nothing; unknown verbs raise."""
    allowed = MAY[verb]
    return isinstance(agent, Agent) and agent.is_active and agent.role in allowed


def require(agent: object, verb: str) -> Agent:
    """The agent, when `can` says yes; else `NotAllowed`."""
    if not can(agent, verb):
        raise NotAllowed(_("Your role does not allow this. An administrator can change it."))
    assert isinstance(agent, Agent)
    return agent
