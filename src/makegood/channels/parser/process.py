"""The process itself: reads one message after another from the worker, within limits that the kernel holds."""

from __future__ import annotations

import resource
import socket
import uuid
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from makegood.channels.parser import form, wire
from makegood.channels.parser.images import Budget, redrawn
from makegood.channels.parsers import READERS
from makegood.conversations.envelope import Incoming, IncomingFile
from makegood.text.sanitising import is_plain, sanitise, unstyled

CPU_SECONDS = 10  # more for each message
ADDRESS_SPACE = 1024**3
LEAST_LEFT = 200


def serve(line: socket.socket) -> None:
    """Answer until the worker hangs up. Does not return when a limit is passed: the kernel ends the process."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            head, body = wire.receive(line)
        except (EOFError, OSError):
            return
        _raise_cpu_limit()
        wire.send(line, *_answer(head, body))


def _raise_cpu_limit() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + CPU_SECONDS + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _answer(head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], list[bytes]]:
    content = Path(head["path"]).read_bytes() if head.get("path") else body
    received_at = datetime.fromisoformat(head["received_at"])
    incoming = READERS[head["kind"]].parse(content, received_at, head["known"])
    return form.pack(with_inline_images(incoming))


def with_inline_images(incoming: Incoming) -> Incoming:
    """Names the files, and lets the HTML's cid: images point to them: /files/<name>, where permission is checked."""
    budget = Budget()
    incoming.files = [_named(file, budget) for file in incoming.files]
    if incoming.html:
        addresses = {file.content_id: f"/files/{file.key}" for file in incoming.files if file.inline}
        incoming.html_is_plain = is_plain(incoming.html)
        # What is plain is shown inline, where the page's policy refuses the sender's styles.
        clean = unstyled if incoming.html_is_plain else sanitise
        incoming.html = clean(incoming.html, image_address=addresses.get)
    return incoming


def _named(file: IncomingFile, budget: Budget) -> IncomingFile:
    named = replace(file, key=str(uuid.uuid4()))
    return redrawn(named, budget) if file.content_id else replace(named, inline=False)
