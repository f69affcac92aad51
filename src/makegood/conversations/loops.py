"""Who gets an automatic answer, and when they stop, so that no two machines write to each other. Pure.

RFC 3834, and trust.md (Loops). Every rule is here; what it needs to know is counted by whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from makegood.conversations.envelope import Kind

ONCE_IN = timedelta(hours=24)
MOST_IN_CONVERSATION = 5
FLOOD_IN = timedelta(minutes=10)
MOST_IN_FLOOD = 20
IDENTICAL_IN = timedelta(hours=24)
IDENTICAL = 3


class Silence(StrEnum):
    """Why no automatic answer is sent."""

    NOBODY = "nobody"  # no address that can be believed
    MACHINE = "machine"  # written by a program, or a notice about a letter
    BULK = "bulk"  # a list, a newsletter, a null sender, a no-reply address
    OURS = "ours"  # one of our own inboxes
    HISTORY = "history"
    SPAM = "spam"  # or blocked
    NOT_FIRST = "not_first"  # it opens no conversation, or somebody has answered already
    STOPPED = "stopped"  # until a person looks
    LATELY = "lately"  # this address had one within a day
    OFTEN = "often"  # this conversation had as many as it may have


class Alarm(StrEnum):
    """Why answers to an address stop until a person looks."""

    FLOOD = "flood"
    IDENTICAL = "identical"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message that came in. `sender`: its address, empty without one that can be believed."""

    sender: str
    kind: str = Kind.MESSAGE
    is_bulk: bool = False
    is_ours: bool = False
    is_history: bool = False
    is_spam: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """What came before it; counts may stop where they have passed their limit."""

    is_first: bool = True
    in_conversation: int = 0
    answered_at: datetime | None = None
    is_stopped: bool = False


def unfit(arrived: Arrived) -> Silence | None:
    """Why a message like this is never answered by itself, whatever came before."""
    reasons = {
        Silence.NOBODY: not arrived.sender,
        Silence.MACHINE: arrived.kind != Kind.MESSAGE,
        Silence.BULK: arrived.is_bulk,
        Silence.OURS: arrived.is_ours,
        Silence.HISTORY: arrived.is_history,
        Silence.SPAM: arrived.is_spam,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def alarm(*, within_flood: int, identical: int) -> Alarm | None:
    """Whether a person must look: mails of this address in ten minutes, and equal ones in a day, this one included."""
    if within_flood > MOST_IN_FLOOD:
        return Alarm.FLOOD
    return Alarm.IDENTICAL if identical >= IDENTICAL else None


def held_back(past: Past, moment: datetime) -> Silence | None:
    """Why a message that is fit is not answered by itself now."""
    reasons = {
        Silence.NOT_FIRST: not past.is_first,
        Silence.STOPPED: past.is_stopped,
        Silence.OFTEN: past.in_conversation >= MOST_IN_CONVERSATION,
        Silence.LATELY: past.answered_at is not None and moment - past.answered_at < ONCE_IN,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)
