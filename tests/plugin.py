"""Fixtures that every room's tests use. The data folder is one of their own, before Django reads its settings."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_DATA = tempfile.mkdtemp(prefix="makegood-tests-")
os.environ["MAKEGOOD_DATA"] = _DATA


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(_DATA, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests whose counterpart is not installed are skipped, and say so."""
    needs = {"browser": shutil.which("chromium"), "server": shutil.which("dovecot")}
    for item in items:
        for marker, found in needs.items():
            if item.get_closest_marker(marker) and not found:
                item.add_marker(pytest.mark.skip(reason=f"no {marker} here: see bin/counterparts"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The log's guard goes: SQLite's clean-up after a transactional test deletes rows. Its own test puts it back."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER event_no_update")
            cursor.execute("DROP TRIGGER event_no_delete")


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.FILES = str(tmp_path / "files")
    yield
