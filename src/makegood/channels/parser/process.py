"""The process itself: reads one message or picture after another, within limits that the kernel holds."""

from __future__ import annotations

import resource
import socket
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from makegood.channels import wire
from makegood.channels.parser import form
from makegood.channels.parser.images import Budget, kind_of, redrawn
from makegood.channels.parser.remote import Proxied
from makegood.channels.parsers import READERS
from makegood.conversations.envelope import Incoming, IncomingFile
from makegood.text.sanitising import is_plain, sanitise, unstyled

CPU_SECONDS = 10  # more for each message
ADDRESS_SPACE = 1024**3
REMOTE_BUDGET = 24_000_000
"""For a picture from another host: half of what a message may cost, since a page has many at once."""
Answer = tuple[dict[str, Any], list[bytes]]


def serve(line: socket.socket) -> None:
    """Answer until the other side hangs up. Does not return when a limit is passed: the kernel ends the process."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            head, body = wire.receive(line)
        except (EOFError, OSError):
            return
        _raise_cpu_limit()
        wire.send(line, *ANSWERS[head["asked"]](head, body))


def _raise_cpu_limit() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + CPU_SECONDS + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _content(head: dict[str, Any], body: bytes) -> bytes:
    return Path(head["path"]).read_bytes() if head["path"] else body


def _understood(head: dict[str, Any], body: bytes) -> Answer:
    content = _content(head, body)
    received_at = datetime.fromisoformat(head["received_at"])
    incoming = READERS[head["kind"]].parse(content, received_at, head["known"])
    return form.pack(with_inline_images(incoming))


def _shown_again(head: dict[str, Any], body: bytes) -> Answer:
    """The HTML of a mail by the rules of now: from its raw bytes, or from a stored form whose raw is gone."""
    html = READERS[head["kind"]].html(_content(head, body)) if head["is_raw"] else body.decode()
    remote: list[str] = []
    clean = sanitise(html, remote_address=remote.append)
    shown, plain = _shown(clean, head["files"].get)
    return {"is_plain": plain, "has_remote_images": bool(remote)}, [shown.encode()]


def _with_remote_images(head: dict[str, Any], body: bytes) -> Answer:
    """The HTML as it is shown in a frame once its images are asked for; `files` are the addresses by content id."""
    remote = Proxied(head["route"], head["until"], head["key"])
    html = READERS[head["kind"]].html(_content(head, body))
    clean = sanitise(html, image_address=head["files"].get, remote_address=remote.address)
    return {}, [clean.encode()]


def _drawn_anew(_head: dict[str, Any], body: bytes) -> Answer:
    """A picture from another host; nothing when it is none that we draw."""
    drawn = redrawn(IncomingFile("", kind_of(body), body), Budget(REMOTE_BUDGET))
    return {"content_type": drawn.content_type}, [drawn.content if drawn.inline else b""]


ANSWERS = {
    "message": _understood,
    "shown again": _shown_again,
    "remote images": _with_remote_images,
    "picture": _drawn_anew,
}


def with_inline_images(incoming: Incoming) -> Incoming:
    """Names the files, and lets the HTML's cid: images point to them: /files/<name>, where permission is checked."""
    budget = Budget()
    incoming.files = [_named(file, budget) for file in incoming.files]
    if incoming.html:
        addresses = {file.content_id: f"/files/{file.key}" for file in incoming.files if file.inline}
        incoming.html, incoming.html_is_plain = _shown(incoming.html, addresses.get)
    return incoming


def _shown(html: str, image_address: Callable[[str], str | None]) -> tuple[str, bool]:
    """The display form of sanitised HTML, and whether it is plain."""
    plain = is_plain(html)
    # What is plain is shown inline, where the page's policy refuses the sender's styles.
    clean = unstyled if plain else sanitise
    return clean(html, image_address=image_address), plain


def _named(file: IncomingFile, budget: Budget) -> IncomingFile:
    named = replace(file, key=str(uuid.uuid4()))
    return redrawn(named, budget) if file.content_id else replace(named, inline=False)
