"""What can happen to a standard."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.eventlog.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetChanged(Event, name="answer_target.changed"):
    """Of an inbox, a team, both, or the whole house."""

    inbox_id: int | None = None
    team_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRemoved(Event, name="answer_target.removed"):
    """The more general one holds again; ids as above."""

    inbox_id: int | None = None
    team_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyAnswerWritten(Event, name="ready_answer.written"):
    """Its words are new, so it is off until somebody has seen them whole."""

    answer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyAnswerSwitched(Event, name="ready_answer.switched"):
    """It goes out from now on, or no more."""

    answer_id: int
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyAnswerRemoved(Event, name="ready_answer.removed"):
    answer_id: int
