"""Intake is killed at every single statement in turn: `python -m tests.journeys.stopping` tells how it went.

Each time a mail is put on the mail server; a child process fetches and reads it and is killed (SIGKILL, so no clean-up
runs) before its n-th statement, or after its last; then the work is done again. There must be one copy of the mail.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from tests.counterparts.dovecot import dovecot
from tests.journeys.desk import KINDS, Desk, Letter, desk, one_copy, unsound

FIRST = Letter(1)


def stops(at: Desk) -> dict[str, object]:
    """Every step of every kind of mail; what was wrong afterwards, in words."""
    at.deliver(FIRST)
    _whole(at)
    steps, wrong, number = [], [], FIRST.number
    for make in KINDS:
        step = 0
        while True:
            step, number = step + 1, number + 1
            letter = make(number)
            uid = at.deliver(letter)
            was_killed = _killed_at(step, at)
            found = [f"at once: {fault}" for fault in unsound(quick=True)]
            if was_killed:
                _whole(at)
            found += [*one_copy(letter), *unsound(quick=True), *["the mark is wrong"] * (at.mark().uid != uid)]
            wrong += [f"letter {number}, killed at step {step}: {fault}" for fault in found]
            if not was_killed:
                break
        steps.append(step - 1)
    return {"steps": steps, "wrong": wrong + unsound()}


def _whole(at: Desk) -> None:
    at.fetch()
    at.read()


def _killed_at(step: int, at: Desk) -> bool:
    """In a child with a connection of its own; False when it was through before."""
    from django.db import connections

    connections.close_all()
    pid = os.fork()
    if not pid:
        try:
            count = _kill_at(step)
            _whole(at)
            count()
            os._exit(0)
        except BaseException as error:  # noqa: BLE001  whatever it is, the child ends here
            print(repr(error), file=sys.stderr)
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert code in {0, -signal.SIGKILL}, f"the child ended with {code}"
    return code != 0


def _kill_at(step: int) -> Callable[[], None]:
    """Steps are the statements, the transaction's own (BEGIN, COMMIT) among them; the last step is the end."""
    from django.db import connection

    left = step

    def count() -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(run: Callable[..., Any], *words: Any) -> Any:
        count()
        return run(*words)

    connection.execute_wrappers.append(counted)
    commit = connection._commit
    connection._commit = lambda: counted(commit)
    return count


def main() -> int:
    with dovecot() as server, desk(server) as at:
        report = stops(at)
    print(json.dumps(report, indent=1))
    return int(bool(report["wrong"]))


if __name__ == "__main__":
    sys.exit(main())
