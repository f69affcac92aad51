"""The n-th write, fsync or network call fails, for every n: nothing is lost or doubled, and a second run completes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.counterparts.makegood import database

pytestmark = [pytest.mark.server, pytest.mark.timeout(240)]


def report_of(folder: Path, *words: str) -> dict[str, Any]:
    environment = {**os.environ, "MAKEGOOD_DATA": str(folder), "DATABASE_URL": database()}
    command = [sys.executable, "-m", "tests.journeys.failing", *words]
    report: dict[str, Any] = json.loads(subprocess.run(command, env=environment, stdout=subprocess.PIPE).stdout)
    return report


@pytest.mark.parametrize(("work", "least"), [("intake", 4), ("sending", 2)])
def test_whatever_fails_while_mail_comes_or_goes_it_is_there_once(work: str, least: int, tmp_path: Path) -> None:
    report = report_of(tmp_path, work)

    assert report["wrong"] == []
    assert {edge: tried for edge, tried in report["tried"].items() if tried < least} == {}


def test_an_upgrade_happens_whole_or_not_at_all(tmp_path: Path) -> None:
    """Every eleventh write, for time's sake; all of them: `python -m tests.journeys.failing migrating`."""
    report = report_of(tmp_path, "migrating", "11")

    assert report["wrong"] == []
    assert report["tried"]["database write"] > 100
