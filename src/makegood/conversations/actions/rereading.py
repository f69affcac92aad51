"""A message that could not be read at first is read again, from its raw bytes."""

from __future__ import annotations

from makegood.conversations.actions import indexing
from makegood.conversations.actions.attaching import attach_incoming
from makegood.conversations.addressing import kept
from makegood.conversations.envelope import Incoming
from makegood.conversations.models import Attachment, Message
from makegood.conversations.preview import line_of
from makegood.eventlog.recording import action
from makegood.search import index
from makegood.text.sanitising import VERSION

READ = (
    "subject", "text", "reply_text", "html", "html_is_plain", "html_version", "problems", "warnings",
    "from_name", "from_email", "to", "cc",
)  # fmt: skip


@action
def reread(message_id: int, incoming: Incoming) -> Message:
    """Put what can be read now in the place of what could be read then; where it belongs does not change."""
    message = Message.objects.select_related("conversation").get(pk=message_id)
    line_then = line_of(message.text)
    names = [attachment.file.name for attachment in message.attachments.select_related("file")]
    index.remove(indexing.document_of_message(message, names))
    message.subject = incoming.subject[:300] or message.subject
    message.text = incoming.text
    message.reply_text = "" if incoming.reply_text == incoming.text else incoming.reply_text
    message.html = incoming.html or ""
    message.html_is_plain = incoming.html_is_plain
    message.html_version = VERSION if incoming.html else 0
    message.problems, message.warnings = incoming.problems, incoming.warnings
    if not message.from_email:  # then not even its head could be read
        message.from_name, message.from_email = incoming.shown_sender.name[:200], incoming.shown_sender.email[:320]
        message.to, message.cc = kept(incoming.to), kept(incoming.cc)
    message.save(update_fields=READ)
    _tell_conversation(message, line_then)
    Attachment.objects.filter(message=message).delete()
    indexing.index_message(message, attach_incoming(message, incoming.files))
    return message


def _tell_conversation(message: Message, line_then: str) -> None:
    """The list shows the new words where it showed that they could not be read."""
    conversation = message.conversation
    conversation.subject = conversation.subject or message.subject
    if conversation.last_line == line_then:
        conversation.last_line = line_of(message.reply_text or message.text)
    conversation.save(update_fields=["subject", "last_line"])
