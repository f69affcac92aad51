"""Whether a sender is called like somebody who works here: so people are talked out of money and passwords. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from makegood.search.words import fold, tokens

FEWEST_WORDS = 2  # many customers share one name with somebody
# What is drawn alike, small or as a capital (Unicode TS #39, the part that names need); capital I is a small l.
_ALIKE = (
    "аa вb еe иu јj кk мm нh оo рp сc тt уy хx ѕs іi ԁd ԛq ԝw һh ӏl ьb ɡg ıi αa βb εe ζz ηh ιi κk μm νn οo ρp τt υy χx"
    " ωw օo ոn սu ցg հh 0o 1i li"
)
_DRAWN = str.maketrans({ord(pair[0]): pair[1] for pair in _ALIKE.split()})


def poses_as_staff(name: str, email: str, staff: Iterable[tuple[str, str]]) -> bool:
    """Whether all words of a colleague's name stand in `name`, and the address is no colleague's.

    `staff`: name and address of each.
    """
    words = _drawn(name)
    if len(words) < FEWEST_WORDS:
        return False
    known = list(staff)
    if email.lower() in {address.lower() for _, address in known}:
        return False
    names = (_drawn(colleague) for colleague, _ in known)
    return any(len(their) >= FEWEST_WORDS and their <= words for their in names)


def _drawn(name: str) -> set[str]:
    """Its words as an eye takes them."""
    return set(tokens(fold(name).translate(_DRAWN)))
