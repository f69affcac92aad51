"""Raw messages become messages: claimed in batches, parsed by the parser process, received some at a time.

Those that were parsed one after another share a transaction, and with it one fsync and one statement of the log; when
one of them fails, each gets its own. A batch has no more than one large mail, and old mail stands behind new: so a
letter waits neither for a flood of large ones nor for the history of a mailbox.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import F

from makegood.channels import probe_notes
from makegood.channels.intake import IN_ROW, content_of, handed_over
from makegood.channels.models import RawMessage
from makegood.channels.parser.client import Parser, ParserDied, parser
from makegood.channels.parsers import READERS
from makegood.channels.registry import channel_of
from makegood.conversations.actions.receiving import Arrival, receive
from makegood.conversations.actions.rereading import reread
from makegood.conversations.actions.sent_elsewhere import take_over
from makegood.conversations.envelope import Incoming
from makegood.conversations.models import Message
from makegood.database import leasing
from makegood.database.trouble import is_of_database
from makegood.eventlog.recording import action
from makegood.files.storing import is_of_disk
from makegood.inboxes.models import Inbox
from makegood.text.marking import gettext_noop

log = logging.getLogger(__name__)
Known = Mapping[str, Any]
BATCH = 100
BATCH_SECONDS = 1.0  # of those after its large mail; then it is looked anew what comes first
TOGETHER = {"sqlite": 10, "postgresql": 25}  # in one transaction: on SQLite nobody else can write meanwhile
TOGETHER_SECONDS = 0.2  # a mail that is hard to parse does not keep those before it waiting
MOST_ATTEMPTS = 3
UNREADABLE = gettext_noop("This mail could not be read. The original is kept and can be downloaded.")


@dataclass(frozen=True, slots=True)
class Understood:
    """A raw message and what the parser made of it; `error` says why it could not be read."""

    raw: RawMessage
    incoming: Incoming
    error: str = ""


def read_new(stop: threading.Event | None = None) -> int:
    """Everything that waits, history last; says how many were read, each try counted."""
    count, most = 0, BATCH
    _give_back()
    while not (stop and stop.is_set()) and (claimed := _claim(most)):
        known, before = {raw.inbox_id: _known(raw.inbox) for raw in claimed}, count
        left = {raw.pk: raw for raw in claimed}  # what was laid aside may be another worker's by now
        with leasing.holding(partial(_hold, left)):
            try:
                for together in _ahead(_parsed(claimed, known, parser(), stop)):
                    _receive_together(together)
                    count += len(together)
                    for one in together:
                        del left[one.raw.pk]
            finally:
                _in_hand.append((time.monotonic(), list(left.values())))
                _give_back()  # what was not read, since we stop or it takes long, is no failed attempt
        most = min(max(2 * (count - before), _together()), BATCH)  # claiming what is let go again costs, too
    return count


_in_hand: deque[tuple[float, list[RawMessage]]] = deque()


def _give_back() -> None:
    """Batches that are over. While the database is gone they stay in hand: nobody waits for their leases afterwards."""
    while _in_hand:
        ended, claimed = batch = _in_hand.popleft()
        try:
            if time.monotonic() - ended < leasing.LEASE_SECONDS:  # else they may be another worker's by now
                _let_go(claimed)
        except DatabaseError:
            _in_hand.appendleft(batch)
            raise


def _parsed(
    claimed: Sequence[RawMessage], known: Mapping[int, Known], with_parser: Parser, stop: threading.Event | None
) -> Iterator[list[Understood]]:
    """Those that may be received together; a large one ends its group, since its files lie in our memory."""
    group: list[Understood] = []
    until = time.monotonic() + TOGETHER_SECONDS
    enough = time.monotonic() + BATCH_SECONDS
    for raw in claimed:
        if (stop and stop.is_set()) or time.monotonic() > enough:
            break
        group.append(_understand(raw, known[raw.inbox_id], with_parser))
        if raw.path:
            enough = time.monotonic() + BATCH_SECONDS
        if len(group) == _together() or raw.path or time.monotonic() > until:
            yield group
            group, until = [], time.monotonic() + TOGETHER_SECONDS
    if group:
        yield group


def _together() -> int:
    return TOGETHER[connection.vendor]


def _ahead[T](made: Iterator[T]) -> Iterator[T]:
    """The next one is made while the last is used: the parser works while the database does."""
    with ThreadPoolExecutor(1, "parsing") as thread:
        upcoming = thread.submit(next, made, None)
        while (one := upcoming.result()) is not None:
            upcoming = thread.submit(next, made, None)
            yield one


def _known(inbox: Inbox) -> Known:
    """What its channel's reader must know; of a kind that this Makegood does not have, nothing."""
    return channel_of(inbox).known(inbox) if inbox.channel in READERS else {}


def _understand(raw: RawMessage, known: Known, with_parser: Parser) -> Understood:
    try:
        return Understood(raw, _parse(raw, known, with_parser))
    except ParserDied as died:
        return Understood(raw, _unreadable(raw, known, with_parser), str(died))


def _receive_together(group: Sequence[Understood]) -> None:
    """All in one transaction; if that fails for whatever reason, one by one."""
    try:
        _receive(*group)
    except Exception:
        if len(group) > 1:
            log.warning("%s mails could not be received together; trying each alone", len(group), exc_info=True)
        connection.close()
        for one in group:
            _receive_alone(one)


def _receive_alone(one: Understood) -> None:
    try:
        _receive(one)
    except Exception as failure:
        connection.close()
        if is_of_database(failure) or is_of_disk(failure):
            raise  # the database is gone or the disk is full, which is no fault of the mail: it is read again
        log.exception("raw message %s could not be received (attempt %s)", one.raw.pk, one.raw.attempts)
        _set_aside(one.raw, traceback.format_exc())


def _set_aside(raw: RawMessage, error: str) -> None:
    """Twice another worker may have been quicker, or the cause be passing; then it is shown as unreadable."""
    if raw.attempts < MOST_ATTEMPTS:
        _let_go([raw], counts=True)
        return
    try:
        _receive(Understood(raw, Incoming(text=UNREADABLE, problems=[UNREADABLE]), error))
    except Exception as failure:
        if is_of_database(failure):
            raise
        log.exception("raw message %s cannot even be shown", raw.pk)
        connection.close()
        RawMessage.objects.filter(pk=raw.pk).update(state=RawMessage.FAILED, error=error, lease_until=0)


def release_all() -> None:
    """At the start of a lone server: what a killed one had claimed can be read at once."""
    RawMessage.objects.filter(state=RawMessage.NEW, lease_until__gt=0).update(lease_until=0)


def try_again(raw_id: int) -> bool:
    """A person asks for a failed message to be read once more."""
    failed = RawMessage.objects.filter(pk=raw_id, state=RawMessage.FAILED)
    return bool(failed.update(state=RawMessage.NEW, lease_until=0, attempts=0))


def _hold(left: Mapping[int, RawMessage]) -> None:
    """Still ours: the rest of the batch, as it is by then."""
    leasing.renew(RawMessage, list(left), where="state = 'new'")


def _claim(most: int = BATCH) -> list[RawMessage]:
    waiting = RawMessage.objects.filter(state=RawMessage.NEW)
    if not waiting.exists():
        return []
    claimed = _claim_some("path = ''", most)
    if waiting.exclude(path="").exists():
        claimed += _claim_some("NOT (path = '')", 1)  # as the index says it
    rows = _suspect_alone(sorted(claimed, key=lambda raw: (raw.is_history, raw.id)))
    inboxes = Inbox.objects.in_bulk({raw.inbox_id for raw in rows})
    for raw in rows:
        raw.inbox = inboxes[raw.inbox_id]
    return rows


def _claim_some(which: str, limit: int) -> list[RawMessage]:
    return leasing.claim(
        RawMessage,
        where=f"state = 'new' AND {which} AND {leasing.is_over()}",
        order="is_history, id",
        limit=limit,
        setting="attempts = attempts + 1",
    )


def _suspect_alone(rows: list[RawMessage]) -> list[RawMessage]:
    """A mail that was being read when something ended us is read by itself, so that nobody else is counted with it."""
    suspect = next((raw for raw in rows if raw.attempts > 1), None)
    if suspect is None:
        return rows
    _let_go([raw for raw in rows if raw is not suspect])
    return [suspect]


def _parse(raw: RawMessage, known: Known, with_parser: Parser) -> Incoming:
    if raw.attempts > MOST_ATTEMPTS:  # it ended not only the parser but us
        raise ParserDied("the server stopped each time it read this message")
    if raw.inbox.channel not in READERS:
        raise ParserDied(f"this Makegood has no channel of the kind {raw.inbox.channel}")
    return with_parser.parse(raw.inbox.channel, *handed_over(raw), raw.received_at, known)


def _unreadable(raw: RawMessage, known: Known, with_parser: Parser) -> Incoming:
    """What the head alone says, so that the sender is known where possible."""
    incoming = Incoming()
    with suppress(ParserDied, OSError):  # the file may be what cannot be read
        kind = raw.inbox.channel
        if kind in READERS and (head := READERS[kind].head(content_of(raw)[: IN_ROW // 4])):
            incoming = with_parser.parse(kind, head, "", raw.received_at, known)
    incoming.text, incoming.html, incoming.reply_text, incoming.files = UNREADABLE, None, "", []
    incoming.problems = [UNREADABLE, *incoming.problems]
    return incoming


@action
def _receive(*group: Understood) -> None:
    """Each message and its raw's new state, in one transaction."""
    read = [(RawMessage.FAILED if o.error else RawMessage.READ, o.error, _became(o), o.raw.pk) for o in group]
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE raw_message SET state = %s, error = %s, message_id = %s, lease_until = 0 WHERE id = %s", read
        )


def _became(one: Understood) -> int | None:
    """The message's number; None for the note of a connection test, which is no letter."""
    if not one.raw.message_id and probe_notes.recognise(one.raw, one.incoming):
        return None
    return _message_of(one).pk


def _message_of(one: Understood) -> Message:
    """What the raw message becomes: read once more, one of ours from a Sent folder, or new."""
    raw, incoming = one.raw, one.incoming
    null_sender = bool(raw.has_null_sender)
    arrival = Arrival(
        raw.inbox, raw.pk, raw.sha256, raw.received_at, is_history=raw.is_history, has_null_sender=null_sender
    )
    if raw.message_id:
        return reread(raw.message_id, incoming)
    if raw.is_outgoing:
        return take_over(incoming, arrival)
    return receive(incoming, arrival)


def _let_go(raws: Iterable[RawMessage], *, counts: bool = False) -> None:
    """Those still new may be read by whoever looks next; unless it `counts`, this was no attempt at all."""
    new = RawMessage.objects.filter(pk__in=[raw.pk for raw in raws], state=RawMessage.NEW, lease_until__gt=0)
    new.update(lease_until=0, attempts=F("attempts") if counts else F("attempts") - 1)
