"""A PostgreSQL of our own on a loopback port, ended with us: `python -m tests.counterparts.postgres COMMAND…`.

The command gets DATABASE_URL. Nothing is fsynced unless POSTGRES_FSYNC=on: the tests look at our statements.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.counterparts.ports import free_port
from tests.counterparts.waiting import eventually


class Server:
    """A fresh, empty database at `url`; `stop` ends the server as an administrator in a hurry would, `start` again."""

    def __init__(self) -> None:
        self._programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self._port = free_port()
        self._as_user: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(self._folder, "postgres", "postgres")
            self._as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        self._run("initdb", "-D", str(self._folder / "data"), "-A", "trust", "-U", "makegood", "-E", "UTF8",
                  "--locale=C.UTF-8")  # fmt: skip
        self.start()
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self._port), "-U", "makegood", "makegood")

    @property
    def url(self) -> str:
        return f"postgres://makegood@127.0.0.1:{self._port}/makegood"

    def start(self) -> None:
        """Until it listens."""
        settings = [f"fsync={os.environ.get('POSTGRES_FSYNC', 'off')}", "listen_addresses=127.0.0.1",
                    f"port={self._port}", f"unix_socket_directories={self._folder}", "max_connections=100"]  # fmt: skip
        options = [word for setting in settings for word in ("-c", setting)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._as_user, self._programs / "postgres", "-D", self._folder / "data", *options],
                stdout=log, stderr=log, cwd="/",
            )  # fmt: skip
        eventually(self._answers)

    def _answers(self) -> bool:
        """It listens some time before it takes commands."""
        ready = [self._programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self._port)]
        return subprocess.run(ready, check=False).returncode == 0

    def stop(self) -> None:
        """SIGINT: all sessions are cut at once."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(20)

    def remove(self) -> None:
        """At the end."""
        if self._process.poll() is None:
            self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *words: str) -> None:
        command = [*self._as_user, self._programs / program, *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a fresh, empty database."""
    server = Server()
    try:
        yield server.url
    finally:
        server.remove()


def main() -> int:
    with postgres() as url:
        return subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
