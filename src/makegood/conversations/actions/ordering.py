"""What the list is ordered by and shows, kept on the conversation itself."""

from __future__ import annotations

from makegood.conversations.models import Conversation, Message
from makegood.conversations.preview import line_of
from makegood.eventlog.recording import action

ARRIVING = (Message.WAITING, Message.QUEUED, Message.SENDING, Message.SENT, Message.UNCERTAIN, Message.DELAYED)


@action
def refresh(conversation: Conversation) -> None:
    """Read the newest line and who waits since when from the messages, after one was taken back or failed."""
    # Locked before they are read: a letter that comes in at this moment comes before, or tells its own afterwards.
    Conversation.objects.select_for_update().get(pk=conversation.pk)
    people = Message.objects.filter(conversation=conversation, is_automatic=False).order_by("at", "id")
    newest = people.exclude(state=Message.FAILED).last()
    answer = people.filter(direction=Message.OUT, state__in=ARRIVING).last()
    unanswered = people.filter(direction=Message.IN)
    if answer is not None:
        unanswered = unanswered.filter(at__gt=answer.at)
    oldest = unanswered.first()
    if newest is not None:
        conversation.last_at, conversation.last_line = newest.at, line_of(newest.reply_text or newest.text)
    conversation.waiting_since = oldest.at if oldest else None
    conversation.save(update_fields=["last_at", "last_line", "waiting_since"])
