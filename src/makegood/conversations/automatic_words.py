"""The words of an automatic answer: the shop's own, then that no person wrote it and how to reach one."""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.text.language import guess

LONGEST = 300
LEADS = re.compile(r"@|://|\w\.[^\W\d_]{2}")  # an address, or the name of a server


def with_notice(words: str) -> str:
    """What the customer gets. The notice is in the language of the shop's words, where there is a translation.

    The words stay as they are: nothing of a stranger's letter is put into them, since it would be sent to whoever
    stands in its From.
    """
    language = guess(words)
    with override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        notice = _(
            "This answer was sent automatically, no person wrote it. A person reads your letter. To add something or "
            "to reach us, just answer this mail."
        )
    return f"{words.strip()}\n\n{notice}"


def subject_of(subject: str) -> str:
    """As RFC 3834, 3.1.5, asks, without words that lead anywhere: whoever stands in a forged From must not get them."""
    words = (word for word in subject[:LONGEST].split() if not LEADS.search(word))
    return f"Auto: {' '.join(words)}"[:LONGEST].strip()
