"""Addresses as they are kept ([[name, email], …]), as they are typed, and back. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from makegood.conversations.envelope import Address

Kept = list[list[str]]
# The dot-atom of RFC 5322 in ASCII, and a domain of at least two labels: what every server on the way can carry.
ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
LONGEST = 254
SPECIAL = re.compile(r"[,;<>\n]")


def kept(addresses: Iterable[Address]) -> Kept:
    """For a JSON column."""
    return [[address.name, address.email] for address in addresses]


def addresses(pairs: Kept) -> list[Address]:
    """From a JSON column."""
    return [Address(name, email) for name, email in pairs]


def each_once(*fields: Iterable[Address]) -> list[list[Address]]:
    """Whoever is named again, in capitals or with another name, stands where they are named first alone."""
    places: dict[str, tuple[int, Address]] = {}
    for place, people in enumerate(fields):
        for one in people:
            places.setdefault(one.email.lower(), (place, one))
    return [[one for at, one in places.values() if at == place] for place in range(len(fields))]


def typed(pairs: Kept) -> str:
    """As a person would type them into a field; `read_typed` understands it."""
    return ", ".join(f"{_quoted(name)} <{email}>" if name else email for name, email in pairs)


def _quoted(name: str) -> str:
    """In quotation marks only where something in it would end it."""
    plain = name.replace('"', "")
    return f'"{plain}"' if SPECIAL.search(plain) else plain


def read_typed(text: str) -> tuple[list[Address], list[str]]:
    """Addresses as a person types or pastes them, separated by commas, semicolons or lines; and what is none."""
    found: list[Address] = []
    bad: list[str] = []
    for piece in _pieces(text):
        name, _, rest = piece.rpartition("<")
        email = (rest.removesuffix(">") if "<" in piece else piece).strip()
        if ADDRESS.fullmatch(email) and len(email) <= LONGEST:
            found.append(Address(name.strip().strip('"').strip(), email))
        else:
            bad.append(piece)
    return list(dict.fromkeys(found)), bad


def _pieces(text: str) -> list[str]:
    """Split at commas, semicolons and line ends that are not within quotation marks."""
    pieces, quoted = [""], False
    for char in text:
        quoted ^= char == '"'
        if char in ",;\n" and not quoted:
            pieces.append("")
        else:
            pieces[-1] += char
    return [piece.strip() for piece in pieces if piece.strip()]
