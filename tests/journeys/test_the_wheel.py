"""A wheel holds what running needs, and pip makes the command of it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    uv = subprocess.run([TOP / "bin" / "uv-path"], capture_output=True, text=True, check=True).stdout.strip()
    subprocess.run([uv, "build", "-q", "--wheel", "-o", folder, TOP], check=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_built_assets_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert any(name.endswith("static/built/manifest.json") for name in names)
    assert any(".woff2" in name for name in names)
    assert any(name.endswith("templates/web/layout.html") for name in names)
    assert any(name.endswith("de/LC_MESSAGES/django.mo") for name in names)
    assert [name for name in names if "/tests/" in name] == []


def test_pip_makes_the_command(wheel: Path, tmp_path: Path) -> None:
    """Without its dependencies, which are installed here already: what counts is the entry point."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "v"], check=True)
    uv = subprocess.run([TOP / "bin" / "uv-path"], capture_output=True, text=True, check=True).stdout.strip()
    subprocess.run([uv, "pip", "install", "-q", "--no-deps", "--python", tmp_path / "v", wheel], check=True)

    answer = subprocess.run([tmp_path / "v" / "bin" / "makegood", "--help"], capture_output=True, text=True, check=True)

    assert "doctor" in answer.stdout
