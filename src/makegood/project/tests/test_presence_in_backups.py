"""A backup holds what was kept, and who looked at what in that minute is not."""

from __future__ import annotations

import sqlite3
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path

from tests.counterparts.makegood import makegood

THERE = """
from makegood.live.actions.being_there import beat
beat(agent_id=1, conversation_id=7, scope=1, doing="looking", page="a")
"""


def test_who_was_there_at_that_moment_is_in_no_backup(tmp_path: Path) -> None:
    with makegood() as house:
        house.python(THERE)
        house.run("backup", str(tmp_path / "backup.tar"))
        assert house.python("from makegood.live.models import Presence\nprint(Presence.objects.count())") == "1"
    with tarfile.open(tmp_path / "backup.tar") as archive:
        archive.extractall(tmp_path, filter="data")

    assert (rows_in(tmp_path, "agent"), rows_in(tmp_path, "presence")) == (1, 0)


def rows_in(folder: Path, table: str) -> int:
    """Of a backup that lies open in `folder`."""
    if (dump := folder / "database.dump").exists():
        command = ["pg_restore", "--data-only", f"--table={table}", "--file=-", str(dump)]
        words = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        return len(words.partition(" FROM stdin;\n")[2].partition("\\.")[0].splitlines())
    with closing(sqlite3.connect(folder / "database.sqlite3")) as copy:
        (count,) = copy.execute(f"SELECT COUNT(*) FROM {table}").fetchone()
    return int(count)
