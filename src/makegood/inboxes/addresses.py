"""Addresses of inboxes, as far as every channel with addresses shares their form. Pure."""

from __future__ import annotations


def without_plus(email: str) -> str:
    """In lower case, and without what stands behind a plus (RFC 5233): the mailbox itself."""
    local, _, domain = email.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def is_among(email: str, addresses: frozenset[str] | set[str]) -> bool:
    """Whether it is one of these (in lower case), with or without something behind a plus."""
    return email.lower() in addresses or without_plus(email) in addresses
