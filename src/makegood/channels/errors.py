"""What goes wrong on the wire."""

from __future__ import annotations


class DeliveryFailed(Exception):
    """Nothing was handed over. `said`: the server's or the network's own words. Permanent: do not try again."""

    def __init__(self, said: str, *, permanent: bool) -> None:
        super().__init__(said)
        self.said = said
        self.permanent = permanent


class DeliveryUncertain(Exception):
    """The line broke after the last byte and before the answer: it may or may not have arrived."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class SourceFailed(Exception):
    """Mail cannot be fetched now. `said` is a sentence for people with what to do; the next look may succeed."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class NotAccepted(Exception):
    """What was posted to an inbox bears no signature that its channel believes, or the channel takes nothing so."""
