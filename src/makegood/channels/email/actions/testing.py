"""The outcome of a connection test is kept with its inbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from makegood.channels.actions.hurrying import try_waiting
from makegood.channels.email.probing import NAMES, OUT, Step
from makegood.clock.now import now
from makegood.eventlog.events import Actor
from makegood.eventlog.recording import action
from makegood.inboxes.actions.checking import note_test
from makegood.inboxes.actions.managing import note_health
from makegood.inboxes.models import Inbox


@action
def keep_test(inbox: Inbox, steps: Sequence[Step], *, seconds: float, by: Actor) -> None:
    """All five steps, and the inbox's health by what they found of mail coming in.

    When mail can go out, letters that wait for it leave at once.
    """
    assert len(steps) == len(NAMES)
    broken = [step for step in steps if step.broken]
    outcome = {"at": now().isoformat(), "seconds": round(seconds, 1), "steps": [asdict(step) for step in steps]}
    note_test(inbox, outcome, passed=not broken, by=by)
    said = f"{broken[0].said} {broken[0].remedy}" if broken else ""
    if OUT not in {side for step in broken for side in step.broken}:
        try_waiting(inbox)
    note_health(inbox, good=not broken, said=said, by=by)
