"""What a conversation's templates need: a message's own words."""

from __future__ import annotations

from django import template
from django.utils.html import linebreaks
from django.utils.safestring import SafeString

from makegood.conversations.queries.timeline import Entry
from makegood.web.sanitised import sanitised

register = template.Library()


@register.filter
def words(entry: Entry) -> SafeString:
    """What is new in the message: sanitised HTML when that is plain and all new, else paragraphs of its text."""
    message = entry.message
    assert message is not None
    if entry.html:
        return sanitised(entry.html)
    return SafeString(linebreaks(message.reply_text or message.text, autoescape=True))
