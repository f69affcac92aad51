"""Whether a sender is called like somebody who works here: so people are talked out of money and passwords. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from makegood.search.words import fold, tokens

FEWEST_WORDS = 2  # many customers share one name with somebody


def poses_as_staff(name: str, email: str, staff: Iterable[tuple[str, str]]) -> bool:
    """Whether all words of a colleague's name stand in `name`, and the address is no colleague's.

    `staff`: name and address of each.
    """
    words = set(tokens(fold(name)))
    if len(words) < FEWEST_WORDS:
        return False
    known = list(staff)
    if email.lower() in {address.lower() for _, address in known}:
        return False
    names = (set(tokens(fold(colleague))) for colleague, _ in known)
    return any(len(their) >= FEWEST_WORDS and their <= words for their in names)
