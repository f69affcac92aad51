"""The stored forms in which mail is shown: made again from the raw bytes when the sanitiser's rules have changed.

Newest first, since those are looked at. A form of older rules stays on show until its turn comes; the frame around it
runs no script and loads nothing from elsewhere by rules of its own.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

from django.urls import reverse

from makegood.channels.intake import handed_over
from makegood.channels.models import RawMessage
from makegood.channels.parser.client import ParserDied, parser
from makegood.conversations.actions.displaying import display_anew
from makegood.conversations.envelope import DisplayForm
from makegood.conversations.models import Message
from makegood.files.storing import root
from makegood.text.sanitising import VERSION

log = logging.getLogger(__name__)
AT_ONCE = 100
ASKED = 2


def renew_forms(seconds: float) -> int:
    """Make forms of older rules again for about so long; how many were. One cheap question when there are none."""
    end, count = time.monotonic() + seconds, 0
    for message in _outdated():
        display_anew(message, _form_of(message), version=VERSION)
        count += 1
        if time.monotonic() > end:
            break
    return count


def image_addresses(message: Message) -> dict[str, str]:
    """Where the images within the mail lie, by content id."""
    shown = message.attachments.filter(is_inline=True).values_list("content_id", "file_id")
    return {content_id: reverse("file", args=[file]) for content_id, file in shown}


def _outdated() -> Iterator[Message]:
    older = Message.objects.filter(html_version__gt=0, html_version__lt=VERSION).select_related("inbox")
    while batch := list(older.order_by("-html_version", "-pk")[:AT_ONCE]):
        yield from batch


def _form_of(message: Message) -> DisplayForm | None:
    """None: it cannot be made, and the mail is shown by its text.

    A parser that dies once may have been stopped or killed for another's sake; only two of them speak against the mail.
    """
    for _ in range(ASKED):
        try:
            return _made(message)
        except ParserDied as died:
            log.warning("the parser died over the form of message %s: %s", message.pk, died)
    return None


def _made(message: Message) -> DisplayForm:
    """From the raw bytes; from the stored form where those are gone. Raises ParserDied."""
    files, kind = image_addresses(message), message.inbox.channel
    raw = RawMessage.objects.filter(pk=message.raw_id or 0).first()
    if raw is None or (raw.path and not (root() / raw.path).exists()):
        return parser().shown_again(kind, message.html.encode(), "", files, is_raw=False)
    return parser().shown_again(kind, *handed_over(raw), files, is_raw=True)
