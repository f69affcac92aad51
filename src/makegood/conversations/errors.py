"""Refusals a person can read."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from makegood.conversations.questions import NEWER, Question, answer_to
from makegood.errors import Refused


class TooLateToUndo(Refused):
    """The ten seconds are over."""

    def __init__(self) -> None:
        super().__init__(_("It is on its way already and can't be called back."))


class Held(Refused):
    """The letter waits for an answer; `questions` says what is asked, `answer` is what "Send anyway" sends back.

    It carries up to where the writer had seen (`seen`), since the page that asks counts as seen what it shows.
    """

    def __init__(self, questions: Sequence[Question], *, seen: int | None = None) -> None:
        super().__init__(_("Your letter is held, not lost: please look at it once more."))
        self.questions = questions
        self.answer = answer_to(questions) + ("" if seen is None else f".{seen}")

    @property
    def newer(self) -> list[int]:
        """The ids of what was said meanwhile."""
        return [int(word) for question in self.questions if question.kind == NEWER for word in question.words]


class HeldBack(Refused):
    """Another service's code or link to confirm, before somebody has released it."""

    def __init__(self) -> None:
        super().__init__(_("This mail is held back. Release it first, then you can answer it or hand it on."))


class NothingWritten(Refused):
    """An empty reply or note."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing in it yet. Write a few words first."))


class NobodyToWriteTo(Refused):
    """A reply without recipients."""

    def __init__(self) -> None:
        super().__init__(_("Nobody is in To. Add at least one address."))


class OneRecipientOnly(Refused):
    """Several in To, Cc and Bcc where the channel reaches one person at a time."""

    def __init__(self) -> None:
        super().__init__(_("This inbox writes to one person at a time. Leave one address in To, and none in copy."))


class NoFilesHere(Refused):
    """Files on a letter where the channel carries none."""

    def __init__(self) -> None:
        super().__init__(_("Files cannot be sent from this inbox. Take them off; a note may keep them."))


class NobodySpokenFor(Refused):
    """A sender who is said to forward for customers, and names none."""

    def __init__(self) -> None:
        super().__init__(_("No letter here says whom to answer: its Reply-To names nobody but the sender."))


class MergedMeanwhile(Refused):
    """One of two conversations is not where it was."""

    def __init__(self) -> None:
        super().__init__(_("One of these conversations was merged meanwhile. Open it again and look where it went."))


class IntoItself(Refused):
    """A conversation merged into itself, or into what was merged into it."""

    def __init__(self) -> None:
        super().__init__(_("This is the same conversation. Choose another one."))


class IntoSpam(Refused):
    """Where nobody would read what comes in."""

    def __init__(self) -> None:
        super().__init__(_("The other conversation is marked as spam. Say there that it is none, then merge."))


class NothingBefore(Refused):
    """A split at the first message."""

    def __init__(self) -> None:
        super().__init__(_("Nothing was written before this, so it is a conversation of its own already."))


class MergedInto(Refused):
    """A split cannot be undone while what it was split from stands in it."""

    def __init__(self) -> None:
        super().__init__(_("The conversation that this was split off from was merged into it. Undo that first."))


class NoSubject(Refused):
    """A subject without words."""

    def __init__(self) -> None:
        super().__init__(_("A subject needs a few words. The old one stays."))


class AnotherChannel(Refused):
    """A move to where the customer cannot be answered."""

    def __init__(self) -> None:
        super().__init__(_("An inbox of another kind cannot answer this customer. Choose one of the same kind."))
