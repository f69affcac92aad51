"""A message that could not be read at first is read again, from its raw bytes."""

from __future__ import annotations

from makegood.conversations.actions import indexing, placing
from makegood.conversations.actions.attaching import attach_incoming
from makegood.conversations.actions.identifying import NOTICED
from makegood.conversations.actions.releasing import hold
from makegood.conversations.actions.understanding import people_of, words_of
from makegood.conversations.envelope import Incoming, Kind
from makegood.conversations.models import Attachment, Message
from makegood.conversations.preview import line_of
from makegood.eventlog.recording import action
from makegood.search import index


@action
def reread(message_id: int, incoming: Incoming) -> Message:
    """Put what can be read now in the place of what could be read then.

    Where it belongs does not change, unless it turns out to bring another service's code or link to confirm.
    """
    placing.in_turn(Message.objects.values_list("conversation_id", flat=True).get(pk=message_id))
    message = Message.objects.select_related("conversation").get(pk=message_id)
    line_then = line_of(message.text)
    names = [attachment.file.name for attachment in message.attachments.select_related("file")]
    index.remove(indexing.document_of_message(message, names))
    noticed = [code for code in message.warnings if code in NOTICED]
    read = words_of(incoming) | {"problems": incoming.problems, "warnings": [*incoming.warnings, *noticed]}
    read["subject"] = read["subject"] or message.subject
    if not message.from_email:  # then not even its head could be read
        shown = incoming.shown_sender
        read |= {"from_name": shown.name[:200], "from_email": shown.email[:320], **people_of(incoming)}
    for name, value in read.items():
        setattr(message, name, value)
    message.save(update_fields=list(read))
    if incoming.kind == Kind.VERIFICATION and message.kind != Kind.VERIFICATION:
        hold(message)
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
