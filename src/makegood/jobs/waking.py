"""Sleeps until somebody has committed something, or a time has passed: no table is polled."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import suppress
from typing import Protocol

from django.db import connection

SQLITE_SECONDS = 0.05
REST_SECONDS = 0.1


class Waker(Protocol):
    """One per thread that waits."""

    def wait(self, seconds: float) -> bool:
        """True as soon as something was committed since the last call, False when the time is up or `stop` is set.

        Under load not more often than ten times a second: many commits are looked at together.
        """

    def close(self) -> None:
        """Give the connection back."""


def waker(stop: threading.Event) -> Waker:
    """The waker that fits the database."""
    if connection.vendor == "postgresql":
        return PostgresWaker(stop)
    return SQLiteWaker(str(connection.settings_dict["NAME"]), stop)


class SQLiteWaker:
    """Reads a counter in the shared memory of the write-ahead log, which each commit of another connection changes.

    Source: SQLite, PRAGMA data_version. Reading it takes some microseconds and no lock.
    """

    def __init__(self, path: str, stop: threading.Event) -> None:
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._stop = stop
        self._seen = -1
        self._woken = 0.0

    def wait(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        self._stop.wait(_rest_left(self._woken))
        while not self._stop.is_set():
            version = self._connection.execute("PRAGMA data_version").fetchone()[0]
            if version != self._seen:
                self._seen, self._woken = version, time.monotonic()
                return True
            if time.monotonic() >= end:
                return False
            self._stop.wait(SQLITE_SECONDS)
        return False

    def close(self) -> None:
        self._connection.close()


class PostgresWaker:
    """LISTEN on the channel that `backend.ring` notifies."""

    def __init__(self, stop: threading.Event) -> None:
        import psycopg  # optional dependency

        self._error = psycopg.Error
        self._stop = stop
        self._woken = 0.0
        self._connection: psycopg.Connection | None = None

    def wait(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        self._stop.wait(_rest_left(self._woken))
        while not self._stop.is_set() and (left := end - time.monotonic()) > 0:
            try:
                if self._listen(min(left, 1.0)):
                    self._woken = time.monotonic()
                    return True
            except self._error:
                # The server restarts: whatever was missed is found by the next look.
                self.close()
                self._stop.wait(min(left, 1.0))
                return True
        return False

    def _listen(self, seconds: float) -> bool:
        if self._connection is None:
            from django.db import connections

            parameters = connections["default"].get_connection_params()
            import psycopg  # optional dependency

            kept = {k: v for k, v in parameters.items() if k not in {"cursor_factory", "context", "prepare_threshold"}}
            self._connection = psycopg.connect(**kept, autocommit=True)
            self._connection.execute("LISTEN makegood")
            return True  # something may have been committed before we listened
        return any(True for _ in self._connection.notifies(timeout=seconds, stop_after=1))

    def close(self) -> None:
        if self._connection is not None:
            with suppress(self._error):
                self._connection.close()
            self._connection = None


def _rest_left(woken: float) -> float:
    return max(0.0, REST_SECONDS - (time.monotonic() - woken))


def ring() -> None:
    """Wake the other processes once this transaction is committed (SQLite needs no telling)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify('makegood', '')")
