"""allauth tells by signals when a second factor comes, goes or is made anew; the log hears of it from here."""

from __future__ import annotations

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.dispatch import receiver

from makegood.agents.actions.auditing import note_factor
from makegood.agents.events import FactorAdded, FactorRemoved, FactorReplaced
from makegood.agents.models import Agent


@receiver(signals.authenticator_added)
def added(user: Agent, authenticator: Authenticator, **_: object) -> None:
    note_factor(FactorAdded, user, authenticator.type)


@receiver(signals.authenticator_removed)
def removed(user: Agent, authenticator: Authenticator, **_: object) -> None:
    note_factor(FactorRemoved, user, authenticator.type)


@receiver(signals.authenticator_reset)
def replaced(user: Agent, authenticator: Authenticator, **_: object) -> None:
    note_factor(FactorReplaced, user, authenticator.type)
