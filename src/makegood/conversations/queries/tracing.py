"""Which messages are stored under the Message-IDs and the Thread-Index that a mail names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

from makegood.conversations.matching import LONGEST_ID
from makegood.conversations.models import Conversation, Message
from makegood.inboxes.models import Inbox


class Stored(NamedTuple):
    """As much of a message as tells what a mail has to do with it."""

    id: int
    message_id: str
    sha256: str
    direction: str
    conversation_id: int

    @property
    def is_ours(self) -> bool:
        """It left from here."""
        return self.direction == Message.OUT


def stored_under(message_ids: Iterable[str], inbox: Inbox) -> list[Stored]:
    """Messages of this inbox with one of the ids (RFC 5322, 3.6.4), in the order they were stored; one query at most.

    By hand: making the statement anew for every letter would cost more than running it. The inbox is compared here:
    in the statement it tempts SQLite to walk through all mail of the inbox instead of looking the ids up.
    """
    ids = list(dict.fromkeys(id_[:LONGEST_ID] for id_ in message_ids if id_))
    if not ids:
        return []
    places = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inbox_id, id, message_id, sha256, direction, conversation_id FROM message"  # noqa: S608  our places
            f" WHERE message_id IN ({places}) ORDER BY id",
            ids,
        )
        return [Stored(*row) for inbox_id, *row in cursor.fetchall() if inbox_id == inbox.pk]


def conversation_in_thread(thread_index: str, inbox: Inbox) -> Conversation | None:
    """Where this inbox's newest message with the Thread-Index is; the inbox is compared here for the same reason."""
    newest = Message.objects.filter(thread_index=thread_index).exclude(thread_index="").order_by("-at")
    found = (number for of, number in newest.values_list("inbox_id", "conversation_id") if of == inbox.pk)
    return Conversation.objects.filter(pk=next(found, 0)).first()
