"""Raw mail and letters lie in files before their row is committed; what was never committed is swept."""

from __future__ import annotations

from pathlib import Path

import pytest

from makegood.channels.intake import IN_ROW, sweep_files
from makegood.channels.models import RawMessage
from makegood.channels.tests.factories import mail, queued, take, wired
from makegood.conversations.tests.factories import inbox
from makegood.files.storing import root
from makegood.files.tests.test_sweeping import aged, written
from makegood.project.examining import examine

pytestmark = pytest.mark.django_db
LARGE = mail("x" * IN_ROW)


def files() -> list[Path]:
    return [path for path in root().rglob("*") if path.is_file()]


def test_only_what_no_row_names_goes() -> None:
    raw = take(LARGE, inbox())
    aged(root() / raw.path)
    written("raw/ab/abcd")
    written("outbox/ab/abcd")

    assert sweep_files() == 2
    assert files() == [root() / raw.path]


def test_a_letter_on_its_way_is_in_use() -> None:
    letter = queued(wired(25), "x" * IN_ROW)
    aged(root() / letter.path)

    assert sweep_files() == 0
    assert files() == [root() / letter.path]


def test_the_same_mail_again_takes_over_what_a_stopped_try_left() -> None:
    raw = take(LARGE, inbox())
    RawMessage.objects.all().delete()  # as if its transaction had never been committed
    aged(root() / raw.path)

    again = take(LARGE, inbox())
    RawMessage.objects.all().delete()

    assert sweep_files() == 0
    assert (root() / again.path).read_bytes() == LARGE


def test_doctor_says_when_nobody_sweeps() -> None:
    written("raw/ab/abcd", 4)

    found = [finding.said for finding in examine(quick=True) if finding.about == "files" and not finding.is_good]

    assert found == ["1 files that no row names and that have not been swept"]
