"""Open streams are looked after on time, whatever else happens meanwhile."""

from __future__ import annotations

import pytest
from tests.counterparts.makegood import makegood

pytestmark = pytest.mark.server

# A process of its own, since the embedded database of the suite is in memory and wakes nobody.
WATCHED = """
import asyncio, os, threading, time
from makegood.jobs.models import Schedule
from makegood.jobs.waking import ring
from makegood.clock.now import now
from makegood.live import hub as live

live.RECHECK_SECONDS = 1.0
moments = []

def commit():
    Schedule.objects.create(name=f"kettle-{len(moments)}", next_at=now())
    ring()

def scopes_of(agent_id):
    moments.append(time.monotonic())
    threading.Timer(0.9, commit).start()  # shortly before the next look is due
    return []

hub = live.Hub(scopes_of)
hub.start()
hub.open(live.Stream(1, "none", frozenset(), asyncio.new_event_loop()), None)
time.sleep(6)
print(max(later - earlier for earlier, later in zip(moments, moments[1:])) < 1.5, len(moments) > 3, flush=True)
os._exit(0)
"""

TOLD_AGAIN = """
import asyncio, os
from datetime import timedelta
from django.contrib.sessions.models import Session
from makegood.clock.now import now
from makegood.eventlog.models import LoggedEvent
from makegood.jobs.waking import ring
from makegood.live import hub as live

live.RECHECK_SECONDS = 60.0
failures = [OSError("the database is away")]

def scopes_of(agent_id):
    if failures:
        raise failures.pop()
    return [1]

def happen():
    LoggedEvent.objects.create(at=now(), name="access.changed", scope=1, conversation_id=7)
    ring()

async def listen():
    stream = live.Stream(1, "key", frozenset({1}), asyncio.get_running_loop())
    await asyncio.to_thread(hub.open, stream, None)
    await asyncio.to_thread(happen)
    told = await asyncio.wait_for(stream.queue.get(), 5)
    print(told.decode().partition("data: ")[2].strip(), failures, flush=True)

Session.objects.create(session_key="key", expire_date=now() + timedelta(hours=1))
hub = live.Hub(scopes_of)
hub.start()
asyncio.run(listen())
os._exit(0)
"""

JOINED = """
import asyncio, os, threading, time
from contextlib import suppress
from django.db import connection
from makegood.clock.now import now
from makegood.eventlog.models import LoggedEvent
from makegood.jobs.waking import ring
from makegood.live import hub as live

live.RECHECK_SECONDS = 60.0

def happen():
    LoggedEvent.objects.create(at=now(), name="message.received", scope=1)
    ring()
    connection.close()

def and_then_more_happens(execute, sql, parameters, many, context):
    answer = execute(sql, parameters, many, context)
    for _ in range(2):
        other = threading.Thread(target=happen)
        other.start()
        other.join()
    time.sleep(0.5)  # within which others are told
    return answer

async def listen():
    before = await asyncio.to_thread(live.newest_id)
    await asyncio.to_thread(happen)
    stream = live.Stream(1, "key", frozenset({1}), asyncio.get_running_loop())

    def join():
        with connection.execute_wrapper(and_then_more_happens):
            hub.open(stream, before)

    await asyncio.to_thread(join)
    taken = [0]
    with suppress(TimeoutError):
        while taken[-1] < 3:
            told = await asyncio.wait_for(stream.queue.get(), 2)
            number = int(told.split()[1]) - before
            taken += [number] if number > taken[-1] else []  # as the page does: a double, or what comes too late
    print(taken, flush=True)

hub = live.Hub(lambda agent_id: [1])
hub.start()
asyncio.run(listen())
os._exit(0)
"""

NOBODY_YET = """
import asyncio, os, threading
from datetime import timedelta
from django.contrib.sessions.models import Session
from django.db import connection
from makegood.clock.now import now
from makegood.eventlog.models import LoggedEvent
from makegood.jobs.waking import ring
from makegood.live import hub as live

def happen():
    LoggedEvent.objects.create(at=now(), name="message.received", scope=1, conversation_id=7)
    ring()
    connection.close()

async def listen():
    stream = live.Stream(1, "key", frozenset({1}), asyncio.get_running_loop())
    joined = threading.Event()

    def and_somebody_joins(execute, sql, parameters, many, context):
        if not joined.is_set():
            joined.set()
            for step in (lambda: hub.open(stream, live.newest_id()), happen):
                other = threading.Thread(target=step)
                other.start()
                other.join()
        return execute(sql, parameters, many, context)

    def look():
        with connection.execute_wrapper(and_somebody_joins):
            hub._recheck()

    await asyncio.to_thread(look)
    hub._thread.start()
    told = await asyncio.wait_for(stream.queue.get(), 5)
    print(told.decode().partition("data: ")[2].strip(), flush=True)

Session.objects.create(session_key="key", expire_date=now() + timedelta(hours=1))
hub = live.Hub(lambda agent_id: [1])
hub._last = live.newest_id()
connection.close()
asyncio.run(listen())
os._exit(0)
"""

# Three streams: a colleague who may see the inbox, the agent themselves, one of another inbox; and a second process,
# as another web server would be, does what changes. At last nothing is committed any more, and the 40 seconds pass.
WHO_IS_THERE = """
import asyncio, os, subprocess, sys
from datetime import timedelta
from django.contrib.sessions.models import Session
from makegood.clock.now import now
from makegood.live import hub as live

live.RECHECK_SECONDS = 0.5
DOES = '''
import django; django.setup()
import sys
from django.db import connection
from makegood.database.leasing import clock
from makegood.live.actions.being_there import beat, leave
word = sys.argv[1]
if word == "leave":
    leave(agent_id=1, conversation_id=7, page="a")
elif word == "age":
    connection.cursor().execute(f"UPDATE presence SET seen_at = {clock()} - 39.3")
else:
    beat(agent_id=1, conversation_id=7, scope=5, doing=word, page="a")
'''

async def elsewhere(word):
    await asyncio.to_thread(subprocess.run, [sys.executable, "-c", DOES, word], check=True)
    await asyncio.sleep(1.5)

async def listen():
    scopes = {"colleague": (2, [5]), "self": (1, [5]), "other": (3, [6])}
    streams = {}
    for name, (agent_id, may) in scopes.items():
        streams[name] = live.Stream(agent_id, name, frozenset(may), asyncio.get_running_loop())
        await asyncio.to_thread(hub.open, streams[name], None)
    for word in ("looking", "looking", "reply", "leave", "looking", "age"):
        await elsewhere(word)
        heard = {name: [] for name in streams}
        for name, stream in streams.items():
            while not stream.queue.empty():
                heard[name].append(stream.queue.get_nowait().decode().strip())
        print(word, heard["colleague"], heard["self"] + heard["other"], flush=True)

for name in ("colleague", "self", "other"):
    Session.objects.create(session_key=name, expire_date=now() + timedelta(hours=1))
hub = live.Hub({1: [5], 2: [5], 3: [6]}.get)
hub.start()
asyncio.run(listen())
os._exit(0)
"""


@pytest.mark.alone
def test_sessions_are_looked_at_on_time_also_when_something_is_committed_shortly_before() -> None:
    with makegood() as house:
        assert house.python(WATCHED) == "True True"


def test_what_could_not_be_told_for_a_failure_is_told_without_waiting_for_more_to_happen() -> None:
    with makegood() as house:
        assert house.python(TOLD_AGAIN) == '{"name": "access.changed", "conversation": 7} []'


def test_what_happens_while_a_page_joins_is_told_after_what_it_missed() -> None:
    with makegood() as house:
        assert house.python(JOINED) == "[0, 1, 2, 3]"


def test_what_happens_while_it_is_noted_that_nobody_listens_is_told_to_whoever_joins_meanwhile() -> None:
    with makegood() as house:
        assert house.python(NOBODY_YET) == '{"name": "message.received", "conversation": 7}'


def test_who_looks_and_who_writes_is_told_to_those_who_may_see_it_by_every_process_and_only_when_it_changes() -> None:
    told = """['data: {"name": "presence", "conversation": 7}']"""
    with makegood() as house:
        assert house.python(WHO_IS_THERE).splitlines() == [
            f"looking {told} []", "looking [] []", f"reply {told} []", f"leave {told} []", f"looking {told} []",
            f"age {told} []",
        ]  # fmt: skip
