"""What has changed about who is there since the last look: in memory, for the open pages of this process."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.live.queries import present


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody came, left, or does something else; told to whom may see the inbox, and not to themselves."""

    agent_id: int
    conversation_id: int
    scope: int


class Watch:
    """Compares whole looks: a handful of rows, and none is missed for coming late in another process."""

    def __init__(self) -> None:
        self._before: set[tuple[int, int, int, str]] = set()

    def changes(self) -> set[Change]:
        """Since the last call. One statement."""
        now = {(one.agent_id, one.conversation_id, one.scope, one.doing) for one in present()}
        changed, self._before = now ^ self._before, now
        return {Change(*one[:3]) for one in changed}
