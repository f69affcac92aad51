"""A forgotten password: an administrator, or the server's own command, makes a link that sets a new one, once, for
30 minutes.

The token is Django's: signed over the password's hash and the last sign-in, so that using it, or signing in, ends it.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator
from django.utils.translation import gettext as _

from makegood.agents.actions.joining import check_password
from makegood.agents.actions.signing_in import end_sessions
from makegood.agents.events import FactorForgotten, PasswordChanged, ResetLinkIssued
from makegood.agents.models import Agent
from makegood.errors import Refused
from makegood.eventlog.events import Actor
from makegood.eventlog.recording import action, record


@action
def issue_reset(agent: Agent, *, by: Actor) -> str:
    """The token of a link for this agent; it is kept nowhere."""
    if not agent.is_active:
        raise Refused(_("%(name)s does not work here any more.") % {"name": agent.name})
    record(ResetLinkIssued(agent_id=agent.pk), by=by)
    return default_token_generator.make_token(agent)


def resettable(agent_id: int, token: str) -> Agent | None:
    """The agent behind a link that is still good."""
    agent = Agent.objects.active().filter(pk=agent_id).first()
    return agent if agent and default_token_generator.check_token(agent, token) else None


@action
def reset_password(agent_id: int, token: str, password: str) -> Agent:
    """Set it and end every session; of two at the same time one wins. A second factor stays as it is."""
    agent = resettable(agent_id, token)
    if agent is None:
        raise LinkIsOver
    check_password(password, agent)
    before = agent.password
    agent.set_password(password)
    if not Agent.objects.filter(pk=agent.pk, password=before).update(password=agent.password):
        raise LinkIsOver
    end_sessions(agent, by=agent.actor)
    record(PasswordChanged(agent_id=agent.pk), by=agent.actor)
    return agent


@action
def forget_factors(agent: Agent, *, by: Actor) -> list[str]:
    """Their second step is lost (a phone, or the key that sealed it): every factor goes, and every session ends.

    For the server's own command alone: whoever may run it reads the database anyhow. Says which kinds there were.
    """
    kinds = list(Authenticator.objects.filter(user=agent).order_by("pk").values_list("type", flat=True))
    Authenticator.objects.filter(user=agent).delete()
    for kind in kinds:
        record(FactorForgotten(agent_id=agent.pk, kind=kind), by=by)
    end_sessions(agent, by=by)
    return kinds


class LinkIsOver(Refused):
    """Used, too old, or never ours: the same answer for all."""

    def __init__(self) -> None:
        super().__init__(_("This link has been used or is older than 30 minutes. Ask an administrator for a new one."))
