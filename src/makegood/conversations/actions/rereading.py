"""A message that could not be read at first is read again, from its raw bytes."""

from __future__ import annotations

from makegood.conversations.actions import indexing
from makegood.conversations.actions.attaching import attach_incoming
from makegood.conversations.envelope import Incoming
from makegood.conversations.models import Attachment, Message
from makegood.eventlog.recording import action
from makegood.search import index
from makegood.text.sanitising import VERSION


@action
def reread(message_id: int, incoming: Incoming) -> Message:
    """Put what can be read now in the place of what could be read then; where it belongs does not change."""
    message = Message.objects.get(pk=message_id)
    names = [attachment.file.name for attachment in message.attachments.select_related("file")]
    index.remove(indexing.document_of_message(message, names))
    message.subject = incoming.subject[:300] or message.subject
    message.text = incoming.text
    message.reply_text = "" if incoming.reply_text == incoming.text else incoming.reply_text
    message.html = incoming.html or ""
    message.html_is_plain = incoming.html_is_plain
    message.html_version = VERSION if incoming.html else 0
    message.problems = incoming.problems
    message.save(update_fields=["subject", "text", "reply_text", "html", "html_is_plain", "html_version", "problems"])
    Attachment.objects.filter(message=message).delete()
    indexing.index_message(message, attach_incoming(message, incoming.files))
    return message
