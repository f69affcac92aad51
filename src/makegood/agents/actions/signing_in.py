"""Sessions and passwords: what is noted when people sign in and out, and how sessions end."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from makegood.agents.events import PasswordChanged, SessionRevoked, SignedIn, SignedOut
from makegood.agents.models import Agent
from makegood.eventlog.events import Actor
from makegood.eventlog.recording import action, record

ROLE = "role"  # a session knows with which role it was made


@action
def note_sign_in(agent: Agent, session: SessionBase) -> None:
    """Somebody has signed in with this session."""
    session[ROLE] = agent.role
    record(SignedIn(agent_id=agent.pk), by=agent.actor)


@action
def note_sign_out(agent: Agent, session: SessionBase) -> None:
    """Somebody is about to sign out of this session."""
    UserSession.objects.filter(user=agent, session_key=session.session_key).delete()
    record(SignedOut(agent_id=agent.pk), by=agent.actor)


@action
def end_sessions(agent: Agent, *, by: Actor, only: int | None = None, keep: str | None = None) -> int:
    """End the agent's sessions: all, all but the one with the key `keep`, or `only` one. Says how many ended."""
    chosen = UserSession.objects.filter(user=agent)
    if only is not None:
        chosen = chosen.filter(pk=only)
    if keep is not None:
        chosen = chosen.exclude(session_key=keep)
    keys = list(chosen.values_list("session_key", flat=True))
    if keys:
        Session.objects.filter(session_key__in=keys).delete()
        UserSession.objects.filter(session_key__in=keys).delete()
        record(SessionRevoked(agent_id=agent.pk), by=by)
    return len(keys)


@action
def change_password(agent: Agent, password: str, *, keep: str | None = None) -> None:
    """A new password ends every session but the one with the key `keep`. It must have been validated."""
    agent.set_password(password)
    agent.save(update_fields=["password"])
    end_sessions(agent, by=agent.actor, keep=keep)
    record(PasswordChanged(agent_id=agent.pk), by=agent.actor)


def rotate(request: HttpRequest, agent: Agent) -> None:
    """Give the session a new key, when the agent's role is not the one it was made with.

    Of several requests at once each makes a session: all of them are listed, so that all of them can be ended.
    """
    session = request.session
    if session.get(ROLE) == agent.role:
        return
    old = session.session_key
    session.cycle_key()
    session[ROLE] = agent.role
    if not UserSession.objects.filter(session_key=old).update(session_key=session.session_key):
        UserSession.objects.create_from_request(request)
