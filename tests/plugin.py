"""Fixtures that every room's tests use. The data folder is one of their own, before Django reads its settings."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

_DATA = tempfile.mkdtemp(prefix="makegood-tests-")
os.environ["MAKEGOOD_DATA"] = _DATA


# The check before a landing tries the same cases each time; people's own runs look for new ones.
settings.register_profile("ci", derandomize=True, print_blob=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(_DATA, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests whose counterpart is not installed are skipped, and say so."""
    needs = {"browser": shutil.which("chromium"), "server": shutil.which("dovecot")}
    for item in items:
        for marker, found in needs.items():
            if item.get_closest_marker(marker) and not found:
                item.add_marker(pytest.mark.skip(reason=f"no {marker} here: see bin/counterparts"))


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any, request: Any) -> Iterator[Any]:
    """The log's guard goes: SQLite's clean-up after a transactional test deletes rows. Its own test puts it back.

    A hook, because a fixture named `django_db_setup` would stand behind pytest-django's own, which is loaded later.
    """
    result = yield
    if fixturedef.argname == "django_db_setup":
        _drop_guard(request.getfixturevalue("django_db_blocker"))
    return result


def _drop_guard(blocker: Any) -> None:
    from django.db import connection

    if connection.vendor == "sqlite":
        with blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER IF EXISTS event_no_update")
            cursor.execute("DROP TRIGGER IF EXISTS event_no_delete")


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.FILES = str(tmp_path / "files")
    yield


@pytest.fixture
def marisol() -> Any:
    """Somebody who answers. Imported here: Django is not ready when this module is."""
    from makegood.conversations.tests.factories import agent

    return agent()


@pytest.fixture
def browser(marisol: Any, client: Any) -> Any:
    """Where she is signed in, without scripts. Tests in Chromium have one of their own."""
    client.force_login(marisol)
    return client
