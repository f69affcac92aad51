"""The data folder and what lies in it are for us alone, whoever made them before."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from makegood.project import environment


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Named by the environment, not there yet."""
    folder = tmp_path / "state" / "makegood"
    monkeypatch.setenv("MAKEGOOD_DATA", str(folder))
    monkeypatch.delenv("MAKEGOOD_SECRET_KEY", raising=False)
    return folder


@pytest.mark.parametrize("mask", [0o000, 0o022])
def test_the_data_folder_is_made_for_us_alone(folder: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        made = environment.data_folder()
    finally:
        os.umask(before)

    assert (made, mode(folder)) == (folder, 0o700)


def test_a_data_folder_that_others_could_read_is_closed(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o755)

    environment.data_folder()

    assert mode(folder) == 0o700


def test_the_secret_key_is_made_once_and_for_us_alone(folder: Path) -> None:
    environment.data_folder()
    key = environment.secret_key(folder)

    assert (environment.secret_key(folder), len(key)) == (key, 64)
    assert [(file.name, mode(file)) for file in folder.iterdir()] == [("secret-key", 0o600)]
