"""The images of a mail that lie on other hosts: each gets an address of ours, signed for one message. Pure."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from urllib.parse import urlencode

MOST = 50
"""Images of one message; the others keep their words."""
LONGEST = 2000
"""Letters of an address; with our own around it, it has to fit in the first line of a request."""


@dataclass(slots=True)
class Proxied:
    """Maps the address of an image on another host to ours: `route` with the address, `until` and a signature.

    `key` is good for one message and one agent until that moment: whoever holds it can sign nothing else.
    """

    route: str
    until: int
    key: str
    given: dict[str, str] = field(default_factory=dict)

    def address(self, source: str) -> str | None:
        """None when it is too long, or one too many."""
        url = f"https:{source}" if source.startswith("//") else source
        if url not in self.given:
            if len(url) > LONGEST or len(self.given) >= MOST:
                return None
            parts = {"url": url, "until": self.until, "seal": signature(self.key, url)}
            self.given[url] = f"{self.route}?{urlencode(parts)}"
        return self.given[url]


def signature(key: str, url: str) -> str:
    """HMAC-SHA256 in hexadecimal; "" stands for the message with all its images."""
    return hmac.digest(key.encode(), url.encode("utf-8", "replace"), "sha256").hex()
