"""What the parser process knows of channels: each one's pure reader, one line each. Nothing here sees Django."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from makegood.channels.email import opening
from makegood.channels.email.parsing.message import html_of
from makegood.conversations.envelope import Incoming


@dataclass(frozen=True, slots=True)
class Reader:
    """How the raw bytes of one kind of channel become a message; pure, since a stranger wrote the bytes.

    `parse(content, received_at, known)`: the message as understood. What it cannot read it tells in `problems`;
    whatever it raises, or when it hangs or eats up memory, the message is shown as unreadable. `known` is what the
    channel's `known` says of the inbox. HTML may be as it came: it is cleaned afterwards, and pictures are redrawn.

    `head(content)`: from the first 64 KiB, bytes that `parse` may be given alone when it failed over the whole, so
    that at least the sender is known; empty when there is nothing of the kind.

    `html(content)`: the sender's own HTML as it came, for somebody who asks to see its images on other hosts; a kind
    without any leaves it out.
    """

    parse: Callable[[bytes, datetime, Mapping[str, Any]], Incoming]
    head: Callable[[bytes], bytes]
    html: Callable[[bytes], str] = lambda _content: ""


READERS: dict[str, Reader] = {"email": Reader(opening.parse_mail, opening.head_of, html_of)}
