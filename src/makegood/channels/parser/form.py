"""`Incoming` as JSON and bytes, there and back. Pure."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from makegood.conversations.envelope import Address, Bounce, Identity, Incoming, IncomingFile, Kind

ADDRESSES = ("to", "cc", "reply_to")


def pack(incoming: Incoming) -> tuple[dict[str, Any], list[bytes]]:
    """JSON without the files' bytes, and the bytes in order."""
    contents = [file.content for file in incoming.files]
    files = [{**_without(file), "size": len(file.content)} for file in incoming.files]
    incoming.files = []
    head = asdict(incoming)
    head["files"] = files
    head["date"] = incoming.date.isoformat() if incoming.date else None
    return head, contents


def unpack(head: dict[str, Any], body: bytes) -> Incoming:
    """The other way round."""
    view, start, files = memoryview(body), 0, []
    for file in head["files"]:
        size = file.pop("size")
        files.append(IncomingFile(**file, content=bytes(view[start : start + size])))
        start += size
    bounce = head["bounce"]
    return Incoming(
        **{
            **head,
            **{name: [Address(**address) for address in head[name]] for name in ADDRESSES},
            "sender": Address(**head["sender"]) if head["sender"] else None,
            "shown_sender": Address(**head["shown_sender"]),
            "files": files,
            "date": datetime.fromisoformat(head["date"]) if head["date"] else None,
            "kind": Kind(head["kind"]),
            "kind_otherwise": Kind(head["kind_otherwise"]) if head["kind_otherwise"] else None,
            "identity": Identity(head["identity"]),
            "bounce": Bounce(**{**bounce, "recipients": tuple(bounce["recipients"])}) if bounce else None,
        }
    )


def _without(file: IncomingFile) -> dict[str, Any]:
    return {
        "filename": file.filename,
        "content_type": file.content_type,
        "inline": file.inline,
        "content_id": file.content_id,
        "key": file.key,
    }
