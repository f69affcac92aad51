"""Which messages are stored under the Message-IDs and the Thread-Index that a mail names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from makegood.conversations.matching import LONGEST_ID
from makegood.conversations.models import Conversation, Message
from makegood.database.preparing import prepared
from makegood.inboxes.models import Inbox

MOST = 200  # rows that are read of one Message-ID or Thread-Index
COLUMNS = "inbox_id, id, message_id, sha256, direction, conversation_id FROM message"
RECEIVED = "direction = 'in' AND NOT (message_id = '')"  # as the index `message_once` says


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


def stored_under(message_ids: Iterable[str], inbox: Inbox, *, same: str = "") -> list[Stored]:
    """Messages of this inbox with one of the ids (RFC 5322, 3.6.4), in the order they were stored.

    Of an id under which very many are stored, the oldest, and the one with the hash `same`: whoever repeats an id knows
    it from a message that is here already, and must not make us read all that they sent.

    By hand: making the statement anew for every letter would cost more than running it. The inbox is compared here:
    in the statement it tempts SQLite to walk through all mail of the inbox instead of looking the ids up.
    """
    ids = list(dict.fromkeys(id_[:LONGEST_ID] for id_ in message_ids if id_))
    if not ids:
        return []
    rows = _read(f"SELECT {COLUMNS} WHERE message_id IN ({', '.join(['%s'] * len(ids))}) LIMIT {MOST}", ids)
    if len(rows) == MOST:
        of_one = f"SELECT {COLUMNS} WHERE message_id = %s ORDER BY id LIMIT {MOST}"
        oldest = f"SELECT * FROM ({of_one}) AS of_one"  # noqa: S608  only our own words
        exact = f"SELECT {COLUMNS} WHERE inbox_id = %s AND message_id = %s AND sha256 = %s AND {RECEIVED}"
        rows = _read(" UNION ".join([oldest] * len(ids) + [exact]), [*ids, inbox.pk, ids[0], same])
    return sorted(Stored(*row) for inbox_id, *row in rows if inbox_id == inbox.pk)


def _read(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with prepared() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def conversation_in_thread(thread_index: str, inbox: Inbox) -> Conversation | None:
    """Where this inbox's newest message with the Thread-Index is; the inbox is compared here for the same reason."""
    newest = Message.objects.filter(thread_index=thread_index).exclude(thread_index="").order_by("-pk")[:MOST]
    found = (number for of, number in newest.values_list("inbox_id", "conversation_id") if of == inbox.pk)
    return Conversation.objects.filter(pk=next(found, 0)).first()
