"""bin/ runs on macOS as on Linux: the tools of POSIX, and the bash 3.2 that macOS has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

BIN = Path(__file__).resolve().parents[1] / "bin"
SCRIPTS = sorted(path.name for path in BIN.iterdir() if path.read_text().startswith("#!/usr/bin/env bash"))
LINUX_ONLY = ("counterparts",)  # installs Debian's packages, and does nothing elsewhere
ELSEWHERE_UNKNOWN = re.compile(
    r"-printf\b|readlink -f|realpath|\bsed -i|date -d|stat -c|grep -\w*P|sort -V|xargs -r|cp --|mktemp --|tar -[cx] -"
    r"|\btimeout\b|nproc|\bsha256sum|\bmapfile\b|\breadarray\b|declare -A|\$\{\w+(\^|,)|\|&|&>>"
    r"|\bsed\b[^|]*[^;]\}'|\bsed\b[^|]*s/[^/]*/[^/]*\\n"  # POSIX: a ; before }, no \n in what replaces
)


@pytest.mark.parametrize("name", [name for name in SCRIPTS if name not in LINUX_ONLY])
def test_a_script_asks_for_nothing_that_only_linux_has(name: str) -> None:
    lines = [line for line in (BIN / name).read_text().splitlines() if not line.lstrip().startswith("#")]

    assert [line for line in lines if ELSEWHERE_UNKNOWN.search(line)] == []
