"""A raw mail becomes a message: the parser's answer, and whether it looks like a connection test's note. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from makegood.channels.email.notes import may_be_probe_note
from makegood.channels.email.parsing.message import parse
from makegood.conversations.envelope import Incoming


def parse_mail(content: bytes, received_at: datetime, known: Mapping[str, Any]) -> Incoming:
    """`known`: `own_servers`, the authserv-ids whose Authentication-Results are believed (RFC 8601)."""
    incoming = parse(content, own_servers=frozenset(known.get("own_servers", ())), received_at=received_at)
    incoming.may_be_probe_note = may_be_probe_note(incoming.message_id)
    return incoming


def head_of(content: bytes) -> bytes:
    """The header, up to the first empty line (RFC 5322, 2.1)."""
    return content.partition(b"\r\n\r\n")[0].partition(b"\n\n")[0] + b"\r\n\r\n"
