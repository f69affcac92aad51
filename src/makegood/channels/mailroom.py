"""Everything of the worker that has to do with mail: reading, sending, listening, the channels' own doors."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import connection

from makegood.channels import outbox, reading
from makegood.channels.channel import Channel, Door
from makegood.channels.listening import Listening
from makegood.channels.registry import CHANNELS
from makegood.clock.now import now
from makegood.conversations.models import Message
from makegood.jobs.waking import waker

log = logging.getLogger(__name__)


class Mailroom:
    """`start()` begins all threads, `stop()` ends them; nothing that was taken in or noted is lost either way."""

    def __init__(self, *, lone: bool) -> None:
        """`lone`: no other worker shares the database, so claims of a killed one are void."""
        self._stop = threading.Event()
        self._lone = lone
        self._threads = [
            threading.Thread(target=self._loop, args=("reading", self._read), daemon=True, name="reading"),
            threading.Thread(target=self._loop, args=("sending", self._send), daemon=True, name="sending"),
            threading.Thread(target=self._listen, daemon=True, name="listening"),
        ]
        self._opening = threading.Thread(target=self._open_doors, daemon=True, name="doors")
        self._doors: list[Door] = []

    def start(self) -> None:
        """Begin; returns at once."""
        if self._lone:
            reading.release_all()
            outbox.release_all()
            for channel in CHANNELS.values():
                channel.release_all()
        for thread in (*self._threads, self._opening):
            thread.start()

    def stop(self) -> None:
        """Finish what is in hand."""
        self._stop.set()
        self._opening.join(10)
        for door in self._doors:
            door.stop()
        for thread in self._threads:
            thread.join(10)

    def _loop(self, name: str, step: Callable[[], float]) -> None:
        """Do the step, sleep until something was committed or until the step's next time."""
        wake = waker(self._stop)
        while not self._stop.is_set():
            try:
                wake.wait(step())
            except Exception:
                # The edge of the thread: whatever it is, mail must go on coming and going.
                log.exception("something failed while %s; trying again", name)
                connection.close()
                self._stop.wait(1.0)
        wake.close()
        connection.close()

    def _read(self) -> float:
        reading.read_new(self._stop)
        return 5.0

    def _send(self) -> float:
        if sending_is_paused():
            return 5.0
        outbox.queue_due()
        outbox.send_due(self._stop)
        upcoming = Message.objects.filter(state=Message.WAITING).order_by("send_at").values_list("send_at", flat=True)
        first = upcoming.first()
        return 5.0 if first is None else min(max((first - now()).total_seconds(), 0.05), 5.0)

    def _listen(self) -> None:
        listening = Listening()
        while not self._stop.is_set():
            try:
                listening.look()
            except Exception:  # the worker loop's edge: fetching must go on
                log.exception("something failed while looking after the folders; trying again")
                connection.close()
            self._stop.wait(2.0)
        listening.stop()
        connection.close()

    def _open_doors(self) -> None:
        """A door that cannot open, such as a port that another program has, is tried again and holds up no mail."""
        closed = list(CHANNELS.values())
        while closed and not self._stop.is_set():
            closed = [channel for channel in closed if not self._opens(channel)]
            if closed:
                self._stop.wait(5.0)

    def _opens(self, channel: Channel) -> bool:
        try:
            door = channel.open_door()
        except OSError as error:
            log.error("what is handed to us by %s cannot be taken yet, and is tried again: %s", channel.name, error)
            return False
        if door:
            self._doors.append(door)
        return True


def sending_is_paused() -> bool:
    """After a restore, until somebody says that this copy takes over; letters wait."""
    return (settings.DATA / "sending-paused").exists()
