"""What a letter that begins a conversation may have, and how it is signed: matters of the inbox it leaves from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from makegood.agents.models import Agent
from makegood.conversations.quoting import signature_under
from makegood.inboxes.models import Inbox


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the form. `ids`: the inboxes it is for, as the page has them; `is_there`: whether one is chosen."""

    ids: str
    is_there: bool
    words: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """Those that come and go with the inbox. `unsent_subject`: says that colleagues alone see it."""

    copies: Part
    files: Part
    unsent_subject: Part
    signatures: list[Part]


def parts_of(inboxes: Iterable[Inbox], agent: Agent, chosen: object) -> Parts:
    """`chosen` as the form has it; before anything is chosen a browser takes the first."""
    inboxes = list(inboxes)
    known = next((inbox for inbox in inboxes if str(inbox.pk) == str(chosen)), None)
    shown = known or next(iter(inboxes), None)

    def part(of: list[Inbox], words: str = "") -> Part:
        return Part(" ".join(str(inbox.pk) for inbox in of), shown in of, words)

    signed: dict[str, list[Inbox]] = {}
    for inbox in inboxes:
        signed.setdefault(signature_under(inbox, agent), []).append(inbox)
    return Parts(
        copies=part([inbox for inbox in inboxes if inbox.can.several_recipients]),
        files=part([inbox for inbox in inboxes if inbox.can.attachments]),
        unsent_subject=part([inbox for inbox in inboxes if not inbox.can.subject]),
        signatures=[part(of, words) for words, of in signed.items() if words],
    )
