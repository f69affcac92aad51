"""`docs/trust.md` names tests that there are, and no line of it is without one."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "trust.md").read_text()
PROMISES, WAITING = TEXT.split("## What waits")
QUOTED = re.compile(r"`([^`]+)`")
DEFINED = re.compile(r"^\s*(?:async )?def (test_\w+)\(", re.M)


def rows(text: str) -> list[list[str]]:
    """The cells of each promise."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    heads = ("| promise", "| ---")
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if not line.startswith(heads)]


def defined_in(path: Path) -> set[str]:
    return set(DEFINED.findall(path.read_text()))


TESTS = {path: defined_in(path) for top in ("src/makegood", "tests") for path in (ROOT / top).rglob("test_*.py")}
NAMES = {name for names in TESTS.values() for name in names}


def found(written: str) -> bool:
    """Whether there is such a test, file or folder of tests, or command."""
    if written.startswith("python -m "):
        return (ROOT / (written.split()[2].replace(".", "/") + ".py")).is_file()
    if written.startswith("test_") and not written.endswith(".py"):
        return written in NAMES
    if "/" in written:
        return any((ROOT / top / written).exists() for top in ("", "src/makegood"))
    return written == "doctor" or any(path.name == written for path in TESTS)


def test_every_test_that_is_named_is_there() -> None:
    named = [written for _promise, tests in rows(PROMISES) for written in QUOTED.findall(tests)]

    assert len(named) > 100
    assert [written for written in named if not found(written)] == []


def test_every_promise_names_a_test_and_what_waits_a_reason() -> None:
    assert [row for row in rows(PROMISES) if len(row) != 2 or not QUOTED.search(row[1])] == []
    assert [row for row in rows(WAITING) if len(row) != 2 or not row[1]] == []
