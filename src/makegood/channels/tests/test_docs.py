"""docs/channels.md says what is so: its code stands in the fake channel, and it names all that a channel has."""

from __future__ import annotations

import re
from pathlib import Path

from makegood.channels.channel import Channel
from makegood.channels.tests import fake

DOCS = (Path(__file__).resolve().parents[4] / "docs" / "channels.md").read_text()
FAKE = Path(fake.__file__).read_text()


def test_every_piece_of_code_in_the_docs_stands_in_the_fake_channel() -> None:
    pieces = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)

    assert len(pieces) == 4
    assert [piece for piece in pieces if piece not in FAKE] == []


def test_the_docs_name_everything_that_a_channel_has() -> None:
    methods = {name for name in vars(Channel) if not name.startswith("_")} - {"register"}
    members = methods | set(Channel.__annotations__)

    assert {"sources", "deliver", "can"} <= members
    assert sorted(name for name in members if f"`{name}`" not in DOCS) == ["kind"]


def test_every_file_that_the_docs_name_is_there() -> None:
    rooms = Path(fake.__file__).resolve().parents[2]
    files = set(re.findall(r"`([a-z_]+/[a-z_/]+\.py)`", DOCS))

    assert len(files) > 5
    assert [name for name in sorted(files) if not (rooms / name).is_file()] == []
