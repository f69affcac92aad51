"""Who belongs to the house and who does not, by address. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from makegood.inboxes.addresses import is_among


@dataclass(frozen=True, slots=True)
class Circle:
    """Inside are `addresses` (of inboxes and colleagues, lower case) and all of `domains`; the rest is outside."""

    addresses: frozenset[str]
    domains: frozenset[str] = frozenset()

    def has(self, email: str) -> bool:
        """Whether this address is inside. Domains are compared whole: a label more is another domain."""
        return is_among(email, self.addresses) or email.lower().rpartition("@")[2] in self.domains

    def inside(self, emails: Iterable[str]) -> list[str]:
        """Those of the house, in their order."""
        return [email for email in emails if self.has(email)]

    def mixes(self, emails: Iterable[str]) -> bool:
        """Whether some are inside and some outside."""
        return len({self.has(email) for email in emails}) == 2
