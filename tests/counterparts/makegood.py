"""Makegood itself as a process group, as a person would start it: in a data folder of its own, on free ports."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg

from tests.counterparts.ports import free_port, wait_for

ADMIN, PASSWORD = "marisol@quillfeather.example", "correct horse battery"


@dataclass
class Makegood:
    data: Path
    port: int = field(default_factory=free_port)
    lmtp_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    more: dict[str, str] = field(default_factory=dict)
    wrapper: tuple[str, ...] = ()  # words before the command of `start`

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "MAKEGOOD_DATA": str(self.data),
            "MAKEGOOD_PORT": str(self.port),
            "MAKEGOOD_LMTP": f"127.0.0.1:{self.lmtp_port}",
            **self.more,
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *words: str, given: bytes = b"", check: bool = True) -> subprocess.CompletedProcess[bytes]:
        """One command."""
        command = [sys.executable, "-m", "makegood", *words]
        return subprocess.run(command, input=given, capture_output=True, env=self.environment, check=check)

    def python(self, code: str) -> str:
        """What the code prints; it runs in a process of its own on this house's data, with Django ready."""
        ready = f"import django; django.setup()\n{code}"
        environment = {**self.environment, "DJANGO_SETTINGS_MODULE": "makegood.project.settings"}
        ended = subprocess.run([sys.executable, "-c", ready], env=environment, stdout=subprocess.PIPE, check=True)
        return ended.stdout.decode().strip()

    def signed_in(self) -> httpx.Client:
        """The administrator's browser, without scripts."""
        client = httpx.Client(base_url=self.url, follow_redirects=True, timeout=60)
        client.get("/accounts/login/")
        client.post("/accounts/login/", data={"login": ADMIN, "password": PASSWORD, **token_of(client)})
        return client

    def start(self) -> None:
        """`serve`, until it listens; its log is kept in the data folder's serve.log."""
        log = (self.data / "serve.log").open("ab")
        self.process = subprocess.Popen(
            [*self.wrapper, sys.executable, "-m", "makegood", "serve"],
            stdout=log,
            stderr=log,
            env=self.environment,
            start_new_session=True,
        )
        wait_for(self.port)
        wait_for(self.lmtp_port)

    def stop(self) -> None:
        """SIGTERM, as a supervisor would."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
            self.process = None

    def kill(self) -> None:
        """kill -9 of every process of the group at once, and wait until the last is gone."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self.process = None
        end = time.monotonic() + 10
        while children_of(self.data) and time.monotonic() < end:
            time.sleep(0.02)


def database() -> str:
    """On PostgreSQL a database of its own, beside the one the suite runs on; else the default in the data folder."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return ""
    name = f"house_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{url.rpartition('/')[0]}/{name}"


def token_of(client: httpx.Client) -> dict[str, str]:
    """What every form carries."""
    return {"csrfmiddlewaretoken": client.cookies["csrf"]}


def children_of(data: Path) -> list[int]:
    """Every living process that was started for this data folder."""
    wanted = f"MAKEGOOD_DATA={data}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            with suppress(OSError):
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
                if wanted in (entry / "environ").read_bytes().split(b"\0") and state != "Z":
                    found.append(int(entry.name))
    return found


@contextmanager
def makegood(**more: str) -> Iterator[Makegood]:
    """Set up with one administrator, not started."""
    with tempfile.TemporaryDirectory(prefix="makegood-test-", ignore_cleanup_errors=True) as folder:
        house = Makegood(Path(folder), more={"DATABASE_URL": database(), **more})
        house.run("init", "--admin", ADMIN, "--name", "Marisol Quint", "--password-stdin", given=PASSWORD.encode())
        try:
            yield house
        finally:
            house.stop()
