"""The outbox: final bytes are stored before the first attempt, each attempt before its first byte leaves."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, OperationalError, connection, transaction

from makegood.channels.errors import DeliveryFailed, DeliveryUncertain
from makegood.channels.intake import IN_ROW, outgoing_of
from makegood.channels.models import Attempt, OutboxMail
from makegood.channels.registry import channel_of
from makegood.clock.now import now
from makegood.conversations.actions.delivering import note_outcome, note_queued, note_unsendable
from makegood.conversations.envelope import Outgoing, Receipt
from makegood.conversations.models import Message
from makegood.database import leasing
from makegood.errors import Refused
from makegood.eventlog.recording import action
from makegood.files.storing import is_of_disk, root, write_durably

log = logging.getLogger(__name__)
MINUTES = (1, 5, 15, 30, 60)  # after a temporary refusal; then hourly
GIVE_UP = timedelta(days=3)
UNCERTAIN_WAIT = timedelta(minutes=10)
UNCERTAIN_TRIES = 2
PER_HOUR = 10
MOST_STOPPED = 3
PAUSES = (0.1, 0.5, 2.0, 5.0, 10.0)  # seconds; together less than the lease
FIT = OutboxMail.FIT


def queue_due() -> int:
    """Messages whose ten seconds are over: one transaction each, in which undo can still win."""
    due = Message.objects.filter(state=Message.WAITING, send_at__lte=now()).select_related(
        "inbox", "agent", "conversation"
    )
    return sum(queue(message) for message in due.order_by("send_at")[:100])


def queue(message: Message) -> bool:
    """From waiting to queued, with its bytes. False when it was called back, or when no mail can be made of it.

    The bytes are made before the transaction: nobody waits for a large letter.
    """
    try:
        outgoing = channel_of(message.inbox).compose(message)
        path = _keep(message, outgoing.content) if len(outgoing.content) > IN_ROW else ""
    except Exception as error:  # the worker loop's edge: one letter must not keep the others from leaving
        if isinstance(error, OperationalError) or is_of_disk(error):
            raise  # no room now is no fault of the letter
        log.exception("no mail could be made of message %s", message.pk)
        note_unsendable(message, str(error))
        return False
    return _store_queued(message, outgoing, path)


def _keep(message: Message, content: bytes) -> str:
    """In a file; what an earlier try under the same key has left there is replaced."""
    path = f"outbox/{message.key.hex[:2]}/{message.key.hex}"
    write_durably(root() / path, content)
    return path


@action
def _store_queued(message: Message, outgoing: Outgoing, path: str) -> bool:
    if not note_queued(message, list(outgoing.recipients)):
        return False
    moment = now()
    OutboxMail.objects.create(
        message=message,
        inbox=message.inbox,
        sender=outgoing.sender,
        recipients=list(outgoing.recipients),
        content=None if path else outgoing.content,
        path=path,
        next_at=moment,
        created_at=moment,
    )
    return True


def send_due(stop: threading.Event | None = None) -> int:
    """Everything that may leave now, one at a time; says how many attempts were made."""
    count = 0
    while not (stop and stop.is_set()):
        mail = _claim()
        if mail is None:
            break
        send(mail)
        count += 1
    return count


def send(mail: OutboxMail) -> None:
    """One attempt, from its note to its outcome."""
    if not mail.tries.filter(outcome__in=["", "handing"], ended_at=None).exists():
        attempt = _begin(mail)
        if attempt is None:
            return
        _settle_surely(mail, attempt, *_try(mail, attempt))
        return
    _recover(mail)


def release_all() -> None:
    """At the start of a lone server: what a killed one was sending is looked at at once."""
    OutboxMail.objects.filter(state__in=FIT, lease_until__gt=0).update(lease_until=0)


def _hold(mail: OutboxMail) -> None:
    """Still mine: no other worker may take an attempt that is under way for one that was killed."""
    leasing.renew(OutboxMail, [mail.pk])


def _claim() -> OutboxMail | None:
    moment = connection.ops.adapt_datetimefield_value(now())
    if not OutboxMail.objects.filter(state__in=FIT, next_at__lte=now()).exists():
        return None
    rows = leasing.claim(
        OutboxMail,
        where=f"state IN (%s, %s, %s, %s) AND next_at <= %s AND {leasing.is_over()}",
        given=[*FIT, moment],
        order="next_at",
        limit=1,
    )
    return next(iter(rows), None)


@transaction.atomic
def _begin(mail: OutboxMail) -> Attempt | None:
    """Note the attempt; without room or lock to note it, nothing is sent. None: too many in the last hour."""
    moment = now()
    if mail.tries.filter(at__gt=moment - timedelta(hours=1)).count() >= PER_HOUR:
        _put_off(mail, moment + timedelta(hours=1), mail.state)
        return None
    mail.state, mail.attempts, mail.first_at = OutboxMail.SENDING, mail.attempts + 1, mail.first_at or moment
    mail.save(update_fields=["state", "attempts", "first_at"])
    return Attempt.objects.create(mail=mail, at=moment)


def _try(mail: OutboxMail, attempt: Attempt) -> tuple[str, Receipt | None, str, bool]:
    """The network part, with no transaction open: outcome, receipt, the server's words, and whether it is final."""

    def handing_over() -> None:
        Attempt.objects.filter(pk=attempt.pk).update(outcome="handing")

    try:
        deliver = channel_of(mail.inbox).deliver
        with leasing.holding(lambda: _hold(mail)):
            receipt = deliver(mail.inbox, outgoing_of(mail), handing_over)
    except DeliveryFailed as failed:
        return "failed", None, failed.said, failed.permanent
    except DeliveryUncertain as uncertain:
        return "uncertain", None, uncertain.said, False
    except Refused as refused:  # no settings yet
        return "failed", None, str(refused), False
    except Exception as error:  # the worker loop's edge: it is tried again by the schedule, and given up in the end
        log.exception("message %s could not be handed over", mail.message_id)
        return "failed", None, str(error), False
    return "sent", receipt, receipt.said, False


def _settle_surely(mail: OutboxMail, attempt: Attempt, *outcome: Any) -> None:
    """What the server answered is known here alone: a hiccup of the database must not turn "sent" into "uncertain"."""
    for pause in PAUSES:
        try:
            return _settle(OutboxMail.objects.get(pk=mail.pk), attempt, *outcome)
        except DatabaseError:
            log.exception("the outcome of message %s could not be written down; trying again", mail.message_id)
            connection.close()
            time.sleep(pause)
    return _settle(OutboxMail.objects.get(pk=mail.pk), attempt, *outcome)


@action
def _settle(mail: OutboxMail, attempt: Attempt, outcome: str, receipt: Receipt | None, said: str, final: bool) -> None:
    """Write down how it went; the very next step after the server's answer."""
    ended = Attempt.objects.filter(pk=attempt.pk, ended_at=None).update(outcome=outcome, said=said, ended_at=now())
    if not ended:  # we were asleep so long that another worker has recovered this attempt
        return
    states: dict[str, tuple[str, str]] = {}
    if receipt is not None:
        states |= dict.fromkeys(receipt.accepted, (Message.SENT, receipt.said))
        states |= {r.recipient: (Message.FAILED if r.permanent else Message.DELAYED, r.said) for r in receipt.refused}
    elif outcome == "uncertain":
        mail.uncertain += 1
        states = dict.fromkeys(mail.recipients, (Message.UNCERTAIN, said))
    else:
        states = dict.fromkeys(mail.recipients, (Message.FAILED if final else Message.DELAYED, said))
    left = [r for r in mail.recipients if states[r][0] in {Message.DELAYED, Message.UNCERTAIN}]
    if left and _gives_up(mail):
        states |= {r: (Message.FAILED, states[r][1]) for r in left}
        left = []
    mail.recipients = left
    _store_state(mail, states, left)
    note_outcome(mail.message, states)


def _store_state(mail: OutboxMail, states: dict[str, tuple[str, str]], left: list[str]) -> None:
    if left:
        kinds = {states[r][0] for r in left}
        uncertain = Message.UNCERTAIN in kinds
        wait = UNCERTAIN_WAIT if uncertain else _backoff(mail.attempts)
        _put_off(mail, now() + wait, OutboxMail.UNCERTAIN if uncertain else OutboxMail.DELAYED)
        return
    failed = any(state == Message.FAILED for state, _ in states.values())
    failed = failed or mail.message.deliveries.exclude(recipient__in=states).filter(state=Message.FAILED).exists()
    mail.state, mail.lease_until = (OutboxMail.FAILED if failed else OutboxMail.SENT), 0.0
    mail.save(update_fields=["state", "lease_until", "recipients", "uncertain"])


def _put_off(mail: OutboxMail, until: datetime, state: str) -> None:
    mail.next_at, mail.state, mail.lease_until = until, state, 0.0
    mail.save(update_fields=["next_at", "state", "lease_until", "recipients", "uncertain"])


def _gives_up(mail: OutboxMail) -> bool:
    """After three days, or when the line broke after the last byte for the third time."""
    too_long = mail.first_at is not None and now() - mail.first_at > GIVE_UP
    return too_long or mail.uncertain > UNCERTAIN_TRIES


def _backoff(attempts: int) -> timedelta:
    return timedelta(minutes=MINUTES[min(attempts, len(MINUTES)) - 1])


def _recover(mail: OutboxMail) -> None:
    """We were killed during an attempt. What had begun to hand over is uncertain; anything before was not sent."""
    attempt = mail.tries.filter(ended_at=None).order_by("-at").first()
    assert attempt is not None
    if attempt.outcome == "handing":
        _settle(mail, attempt, "uncertain", None, "The server was stopped while this was being sent.", False)
        return
    if mail.attempts >= MOST_STOPPED:  # it may be what stops us
        _settle(mail, attempt, "failed", None, "The server was stopped each time before this was sent.", False)
        return
    Attempt.objects.filter(pk=attempt.pk).update(outcome="failed", said="stopped before sending", ended_at=now())
    send(mail)


@action
def try_again(mail: OutboxMail) -> None:
    """A person asks for a letter that was given up or waits: to those it has not reached, with the same bytes."""
    moment = now()
    waiting = OutboxMail.objects.filter(pk=mail.pk, state__in=[OutboxMail.DELAYED, OutboxMail.UNCERTAIN])
    if waiting.update(next_at=moment):
        return
    failed = list(mail.message.deliveries.filter(state=Message.FAILED).values_list("recipient", flat=True))
    again = OutboxMail.objects.filter(pk=mail.pk, state=OutboxMail.FAILED)
    if failed and again.update(
        state=OutboxMail.QUEUED, recipients=failed, next_at=moment, first_at=moment, attempts=0, uncertain=0
    ):
        note_outcome(mail.message, dict.fromkeys(failed, (Message.QUEUED, "")))
