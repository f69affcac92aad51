"""What is tidied up at night."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from makegood.agents.models import Invitation
from makegood.clock.now import now
from makegood.project.jobs import tidy_up

pytestmark = pytest.mark.django_db


def test_ended_sessions_and_old_invitations_go() -> None:
    for key, days in (("ended", -1), ("open", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now() + timedelta(days=days))
    for name, days in (("old", -31), ("recent", -29), ("open", 1)):
        Invitation.objects.create(
            email="odile@fenwick.example", name=name, role="agent", token_hash=name, expires_at=now() + timedelta(days)
        )

    tidy_up.func()

    assert [session.session_key for session in Session.objects.all()] == ["open"]
    assert sorted(Invitation.objects.values_list("name", flat=True)) == ["open", "recent"]
