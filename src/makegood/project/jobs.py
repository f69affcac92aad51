"""What the house does by itself at night."""

from __future__ import annotations

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Q

from makegood.agents.models import Invitation
from makegood.clock.now import now
from makegood.jobs.recurring import every
from makegood.project.safekeeping import nightly

INVITATIONS_KEPT = timedelta(days=30)


@every(cron="17 2 * * *")
def back_up() -> None:
    """Every night; fourteen are kept."""
    nightly()


@every(cron="47 2 * * *")
def tidy_up() -> None:
    """Sessions that have ended, and invitations that were used or ran out a month ago."""
    SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    long_ago = now() - INVITATIONS_KEPT
    Invitation.objects.filter(Q(used_at__lt=long_ago) | Q(expires_at__lt=long_ago)).delete()
