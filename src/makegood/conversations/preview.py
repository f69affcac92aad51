"""The first words of a message on one line, for lists. Pure."""

from __future__ import annotations

LINE = 160


def line_of(text: str) -> str:
    """At most 160 characters, without line breaks."""
    return " ".join(text[: LINE * 4].split())[:LINE]
