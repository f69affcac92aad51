"""Which messages are stored under the Message-IDs that a mail names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

from makegood.conversations.matching import LONGEST_ID
from makegood.conversations.models import Message
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

    By hand: making the statement anew for every letter would cost more than running it.
    """
    ids = list(dict.fromkeys(id_[:LONGEST_ID] for id_ in message_ids if id_))
    if not ids:
        return []
    places = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, message_id, sha256, direction, conversation_id FROM message"  # noqa: S608  only our own places
            f" WHERE inbox_id = %s AND message_id IN ({places}) ORDER BY id",
            [inbox.pk, *ids],
        )
        return [Stored(*row) for row in cursor.fetchall()]
