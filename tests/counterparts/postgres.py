"""A PostgreSQL of our own on a loopback port, ended with us: `python -m tests.counterparts.postgres COMMAND…`.

The command gets DATABASE_URL. Nothing is fsynced unless POSTGRES_FSYNC=on: the tests look at our statements.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.counterparts.ports import free_port, wait_for


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a fresh, empty database."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    port = free_port()
    as_user = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    data = folder / "data"
    subprocess.run(
        [*as_user, programs / "initdb", "-D", data, "-A", "trust", "-U", "makegood", "-E", "UTF8", "--locale=C.UTF-8"],
        check=True, stdout=subprocess.DEVNULL, cwd="/",
    )  # fmt: skip
    settings = [f"fsync={os.environ.get('POSTGRES_FSYNC', 'off')}", "listen_addresses=127.0.0.1", f"port={port}",
                f"unix_socket_directories={folder}", "max_connections=100"]  # fmt: skip
    options = [word for setting in settings for word in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*as_user, programs / "postgres", "-D", data, *options], stdout=log, stderr=log, cwd="/"
        )
    try:
        wait_for(port)
        subprocess.run(
            [programs / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "makegood", "makegood"],
            check=True,
            cwd="/",
        )
        yield f"postgres://makegood@127.0.0.1:{port}/makegood"
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    with postgres() as url:
        return subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
