"""The one reviewed place where HTML goes into a page unescaped. A test keeps it the only one."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import conditional_escape, linebreaks
from django.utils.safestring import SafeString


def sanitised(html: str) -> SafeString:
    """For `Message.html` and its like, stored as the sanitiser's last word; never for anything else."""
    return SafeString(html)


def paragraphs(text: str) -> SafeString:
    """Any words, escaped, in paragraphs as they were written."""
    return SafeString(linebreaks(text, autoescape=True))


def one_line(pieces: Iterable[str]) -> SafeString:
    """Words, escaped unless they are HTML of ours, without blanks or line ends that a page would not show."""
    return SafeString(" ".join("".join(map(conditional_escape, pieces)).split()))
