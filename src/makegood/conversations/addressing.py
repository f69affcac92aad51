"""Addresses as they are kept ([[name, email], …]), as they are typed, and back. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from makegood.conversations.envelope import Address

Kept = list[list[str]]


def kept(addresses: Iterable[Address]) -> Kept:
    """For a JSON column."""
    return [[address.name, address.email] for address in addresses]


def addresses(pairs: Kept) -> list[Address]:
    """From a JSON column."""
    return [Address(name, email) for name, email in pairs]


def typed(pairs: Kept) -> str:
    """As a person would type them into a field."""
    return ", ".join(f'"{name.replace('"', "")}" <{email}>' if name else email for name, email in pairs)
