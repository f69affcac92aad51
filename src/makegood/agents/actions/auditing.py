"""Looking into the log, and taking everything along, leaves a trace in it."""

from __future__ import annotations

import getpass
import os

from makegood.agents.events import AuditRead, BackupMade, FactorAdded, FactorRemoved, FactorReplaced, HouseExported
from makegood.agents.models import Agent
from makegood.eventlog.events import SYSTEM
from makegood.eventlog.recording import action, record


@action
def note_audit_read(*, of_actor: str, of_name: str, by: Agent) -> None:
    """Somebody reads the log, filtered by these; empty strings mean everything."""
    record(AuditRead(of_actor=of_actor, of_name=of_name), by=by.actor)


@action
def note_export() -> None:
    """Whoever may give commands on the server takes everything along."""
    record(HouseExported(user=_user_of_server()), by=SYSTEM)


@action
def note_backup(*, is_nightly: bool) -> None:
    """One was made: by itself, or by a command."""
    record(BackupMade(user="" if is_nightly else _user_of_server()), by=SYSTEM)


def _user_of_server() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # in a container its number may have no name
        return str(os.getuid())


@action
def note_factor(kind: type[FactorAdded | FactorRemoved | FactorReplaced], agent: Agent, factor: str) -> None:
    """A second factor (`totp`, `webauthn`, `recovery_codes`) came, went or was made anew."""
    record(kind(agent_id=agent.pk, kind=factor), by=agent.actor)
