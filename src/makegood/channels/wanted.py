"""What a settings form asks of an inbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from makegood.agents.models import Team


@dataclass(frozen=True, slots=True)
class Wanted:
    """Columns and settings of the inbox, secrets typed anew, and who may open it."""

    fields: Mapping[str, object]
    secrets: Mapping[str, str]
    is_open_to_all: bool
    teams: Iterable[Team]
