"""Refusals a person can read."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from makegood.errors import Refused


class TooLateToUndo(Refused):
    """The ten seconds are over."""

    def __init__(self) -> None:
        super().__init__(_("It is on its way already and can't be called back."))


class NothingWritten(Refused):
    """An empty reply or note."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing in it yet. Write a few words first."))


class NobodyToWriteTo(Refused):
    """A reply without recipients."""

    def __init__(self) -> None:
        super().__init__(_("Nobody is in To. Add at least one address."))


class NobodySpokenFor(Refused):
    """A sender who is said to forward for customers, and names none."""

    def __init__(self) -> None:
        super().__init__(_("No letter here says whom to answer: its Reply-To names nobody but the sender."))
