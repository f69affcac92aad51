"""What a conversation's templates need: a message's own words, and what to say of a delivery."""

from __future__ import annotations

from django import template
from django.utils.html import linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from makegood.conversations.models import Delivery, Message
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


@register.filter
def not_arrived(delivery: Delivery) -> str:
    """In plain words, with the server's own behind."""
    sentence = {
        Message.FAILED: _("This did not arrive at %(to)s."),
        Message.DELAYED: _("This has not arrived at %(to)s yet; we keep trying."),
        Message.UNCERTAIN: _("We can't tell whether this arrived at %(to)s: the line broke."),
    }.get(delivery.state, _("This is on its way to %(to)s."))
    said = f" “{delivery.said}”" if delivery.said else ""
    return sentence % {"to": delivery.recipient} + said
