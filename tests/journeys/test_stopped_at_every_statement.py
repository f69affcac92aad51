"""Raw first (trust.md): intake is killed at each of its statements in turn and loses and doubles nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.counterparts.makegood import database

pytestmark = pytest.mark.server


def test_a_kill_at_any_statement_of_intake_leaves_one_copy_of_the_mail(tmp_path: Path) -> None:
    environment = {**os.environ, "MAKEGOOD_DATA": str(tmp_path), "DATABASE_URL": database()}
    command = [sys.executable, "-m", "tests.journeys.stopping"]

    ended = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=False)

    report = json.loads(ended.stdout)
    assert report["wrong"] == []
    assert all(steps > 20 for steps in report["steps"])  # it was killed, and not only once
