"""Which messages are stored under the Message-IDs and the Thread-Index that a mail names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from makegood.conversations.matching import LONGEST_ID, Traces, token_of_message_id
from makegood.conversations.models import Conversation, Message
from makegood.conversations.queries.whereabouts import now_at
from makegood.database.preparing import prepared
from makegood.inboxes.models import Inbox

MOST = 200  # rows that are read of one Message-ID or Thread-Index
COLUMNS = "inbox_id, id, message_id, sha256, direction, conversation_id, home_id FROM message"
RECEIVED = "direction = 'in' AND NOT (message_id = '')"  # as the index `message_once` says


class Stored(NamedTuple):
    """As much of a message as tells what a mail has to do with it."""

    id: int
    message_id: str
    sha256: str
    direction: str
    conversation_id: int
    home_id: int | None = None  # as a message has it

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
    return sorted((Stored(*row) for inbox_id, *row in rows if inbox_id == inbox.pk), key=lambda stored: stored.id)


def conversation_of_token(traces: Traces, named: Iterable[Stored], inbox: Inbox) -> int | None:
    """What the best token stands for that this inbox knows: where the letter of ours that is answered is by now, and
    else the token's own conversation, which may have been merged.

    A token joins where its conversation is or was; so do answers to what left before it was moved.
    """
    tokens = traces.tokens
    columns = ("token", "pk", "inbox_id", "merged_into")
    rows = Conversation.objects.filter(token__in=tokens).values_list(*columns) if tokens else []
    known = {token: row for token, *row in rows}
    for token in (token for token in tokens if token in known):
        ours = {s.message_id: s for s in named if s.is_ours and token_of_message_id(s.message_id) == token}
        if answered := next((ours[id_] for id_ in traces.message_ids if id_ in ours), None):
            return answered.conversation_id
        number, inbox_id, merged_into = known[token]
        if inbox_id == inbox.pk or _was_in(merged_into or number, inbox):
            return int(merged_into or number)
    return None


def _was_in(number: int, inbox: Inbox) -> bool:
    """Whether a letter of it came in or left there."""
    return Message.objects.filter(conversation=now_at(number), inbox=inbox).exists()


def _read(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with prepared() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def conversation_in_thread(thread_index: str, inbox: Inbox) -> Conversation | None:
    """Where this inbox's newest message with the Thread-Index is; the inbox is compared here for the same reason."""
    newest = Message.objects.filter(thread_index=thread_index).exclude(thread_index="").order_by("-pk")[:MOST]
    found = (number for of, number in newest.values_list("inbox_id", "conversation_id") if of == inbox.pk)
    return Conversation.objects.filter(pk=next(found, 0)).first()
