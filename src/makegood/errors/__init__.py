"""What people are told when something cannot be done: `Refused` and its few kin."""

from __future__ import annotations


class Refused(Exception):
    """Cannot be done; the sentence is for people and becomes a 422, or exit 1 of a command.

    The sentence says what is wrong and what to do; it may be a lazy translation.
    """

    def __init__(self, sentence: object = "") -> None:
        super().__init__(sentence)

    def __str__(self) -> str:
        return str(self.args[0])


class NotAllowed(Refused):
    """The policy says no: a 403."""
