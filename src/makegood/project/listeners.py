"""Who listens to the event stream: the agent behind a session cookie, and what they may see."""

from __future__ import annotations

import asyncio
from http.cookies import CookieError, SimpleCookie

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpRequest

from makegood.agents.models import Agent
from makegood.inboxes.queries import scopes_of
from makegood.live.stream import Person


async def listener(cookie: str) -> Person | None:
    """None for strangers, ended sessions and inactive agents."""
    return await asyncio.to_thread(_listener, cookie)


def scopes_of_id(agent_id: int) -> list[int] | None:
    """The scopes of an agent read anew; None when they may not be here any more."""
    agent = Agent.objects.active().filter(pk=agent_id).first()
    return scopes_of(agent) if agent else None


def _listener(cookie: str) -> Person | None:
    try:
        morsel = SimpleCookie(cookie).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    if morsel is None:
        return None
    request = HttpRequest()
    request.session = SessionStore(morsel.value)
    try:
        agent = get_user(request)
        if not isinstance(agent, Agent) or not agent.is_active or not request.session.session_key:
            return None
        return Person(agent.pk, request.session.session_key, scopes_of(agent))
    finally:
        connection.close()
