"""The fault loop: `python -m tests.journeys.failing intake|sending|migrating [EVERY]` tells how it went.

At each edge the first call fails, then in a fresh try the second, and so on until the work comes through unharmed. Each
time what the house holds true is looked at (`doctor`), and the work is done again as the worker's loops would.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256

from tests.counterparts import faults
from tests.counterparts.dovecot import dovecot
from tests.counterparts.faults import Edge, Fault
from tests.counterparts.sink import Sink, sink
from tests.journeys.desk import CUSTOMER, KINDS, Desk, Letter, desk, one_copy, unsound

EDGES: dict[str, Edge] = {
    "database write": faults.database_writes,
    "database lost": faults.database_lost,
    "file write": faults.file_writes,
    "fsync": faults.fsyncs,
    "network, before": faults.network_before,
    "network, after": faults.network_after,
}
LASTING = ("file write", "fsync")
LOOKS = 4  # so often the loops look while the fault lasts


def edges() -> Iterator[tuple[str, Edge, bool]]:
    """Each once, and those that may stay broken for a while in this way, too."""
    from django.db import connection

    for name, edge in EDGES.items():
        if name != "database lost" or connection.vendor == "postgresql":  # the embedded one has no line
            yield name, edge, False
    for name in LASTING:
        yield f"{name}, lasting", EDGES[name], True


def loop(work: Callable[[str, Edge, Fault], list[str]]) -> dict[str, object]:
    """`work` is done with one fault after the other; what it found wrong, in words."""
    tried, wrong = {}, []
    for name, edge, lasting in edges():
        number = 0
        while True:
            number += 1
            fault = Fault(number, lasting=lasting)
            wrong += [f"{name} {number}: {found}" for found in work(name, edge, fault)]
            if not fault.fired:
                break
        tried[name] = number - 1
    return {"tried": tried, "wrong": wrong + unsound()}


def intake(at: Desk) -> dict[str, object]:
    """A mail is fetched and read; by turns one that opens a conversation and a large one that joins it."""
    first = Letter(1)
    at.deliver(first)
    at.fetch()
    at.read()
    numbers = iter(range(2, 10**6))

    def work(name: str, edge: Edge, fault: Fault) -> list[str]:
        from makegood.channels.errors import SourceFailed

        number = next(numbers)
        letter = KINDS[number % 2](number) if name.startswith("database") else KINDS[1](number)
        uid = at.deliver(letter)
        with edge(fault):
            found = ended(at.fetch, SourceFailed)
            for _ in range(LOOKS):
                found += ended(at.read, OSError)
        found += [f"at once: {fault}" for fault in unsound(quick=True)]
        at.fetch()
        at.read()
        return [*found, *one_copy(letter), *unsound(quick=True), *["the mark is wrong"] * (at.mark().uid != uid)]

    return loop(work)


def ended(work: Callable[[], object], *known: type[Exception]) -> list[str]:
    """As the loops around it: they know the database's errors and these; anything else is found."""
    from django.db import DatabaseError, connection

    try:
        work()
    except (DatabaseError, *known):
        connection.close()
    except Exception as error:  # noqa: BLE001  this is what we look for
        connection.close()
        return [f"it ended with {error!r}"]
    return []


def sending(at: Desk, outside: Sink) -> dict[str, object]:
    """A reply is queued and sent; a large one, whose bytes lie in a file, where files are written."""
    from makegood.agents.models import Agent
    from makegood.conversations.models import Conversation

    at.deliver(Letter(1))
    at.fetch()
    at.read()
    agent = Agent.objects.create(email="marisol@quillfeather.example", name="Marisol Quint")
    conversation = Conversation.objects.get()

    def work(name: str, edge: Edge, fault: Fault) -> list[str]:
        from makegood.conversations.actions.replying import Letter as Reply
        from makegood.conversations.actions.replying import reply
        from makegood.conversations.envelope import Address

        text = "A new pole is on its way. " * (12_000 if name in {"fsync", "file write"} or fault.lasting else 1)
        message = reply(conversation, Reply(text=text, to=[Address("", CUSTOMER)]), by=agent)
        with edge(fault):
            found = [said for _ in range(LOOKS) for said in ended(_send, OSError)]
        found += [f"at once: {fault}" for fault in unsound(quick=True)]
        for _ in range(4):
            _send()
        copies = [one.content for one in outside.caught if message.message_id.encode() in one.content]
        outside.caught.clear()
        return [*found, *_left(message.pk, copies, may_be_two=name.startswith("network")), *unsound(quick=True)]

    return loop(work)


def _send() -> None:
    """As the loop does, with all waiting over and the leases of a broken try run out."""
    from makegood.channels import outbox
    from makegood.channels.models import OutboxMail
    from makegood.clock.now import now
    from makegood.conversations.models import Message

    Message.objects.filter(state=Message.WAITING).update(send_at=now())
    OutboxMail.objects.filter(state__in=OutboxMail.FIT).update(next_at=now(), lease_until=0)
    outbox.queue_due()
    outbox.send_due()


def _left(pk: int, copies: list[bytes], *, may_be_two: bool) -> list[str]:
    """It is sent and known to be; twice only where the server's answer was lost, and then with the same bytes."""
    from makegood.channels.models import Attempt
    from makegood.conversations.models import Message
    from makegood.eventlog.models import LoggedEvent

    was_uncertain = Attempt.objects.filter(mail__message_id=pk, outcome="uncertain").exists()
    events = LoggedEvent.objects.filter(name="reply.sent", data__message_id=pk).count()
    holds = {
        "it left": bool(copies),
        "it left once": len(copies) <= (2 if may_be_two and was_uncertain else 1),
        "each time with the same bytes": len({sha256(content).digest() for content in copies}) <= 1,
        "it is known to be sent": Message.objects.get(pk=pk).state == Message.SENT,
        "the log says so once": events == 1,
    }
    return [f"not: {what} ({len(copies)} copies, {events} events)" for what, good in holds.items() if not good]


def migrating(every: int) -> dict[str, object]:
    """An empty database is brought up to date; one write fails, and nothing has happened: each write, or every n-th.

    Or all has: the last writes come after the upgrade, and the next start makes up for them.
    """
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from makegood.project.starting import bring_up_to_date, start_django

    start_django()
    number, wrong = 1, []
    while _fails_in_migration(number):
        executor = MigrationExecutor(connection)
        is_whole = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        if (left := connection.introspection.table_names()) and not is_whole:
            wrong.append(f"write {number} left {left}")
        number += every
    bring_up_to_date()
    return {"tried": {"database write": number - 1}, "wrong": wrong + unsound()}


def _fails_in_migration(number: int) -> bool:
    """In a process of its own, as the command is; False when it came through before that write."""
    from django.db import connections

    from makegood.project.starting import bring_up_to_date

    connections.close_all()
    if pid := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0
    fault = Fault(number)
    try:
        with faults.database_writes(fault):
            bring_up_to_date()
    finally:
        os._exit(int(fault.fired))


def main() -> int:
    logging.disable(logging.CRITICAL)  # what is logged at each fault is not what we look for
    if sys.argv[1] == "migrating":
        report = migrating(int(sys.argv[2]) if sys.argv[2:] else 1)
    elif sys.argv[1] == "intake":
        with dovecot() as server, desk(server) as at:
            report = intake(at)
    else:
        with dovecot() as server, sink() as outside:
            smtp = {"host": "127.0.0.1", "port": outside.port, "security": "none"}
            with desk(server, smtp) as at:
                report = sending(at, outside)
    print(json.dumps(report, indent=1))
    return int(bool(report["wrong"]))


if __name__ == "__main__":
    sys.exit(main())
