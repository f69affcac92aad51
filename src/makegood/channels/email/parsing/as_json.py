"""What `makegood mail parse` prints: one message as a dictionary of plain values (its shape is documented there)."""

from __future__ import annotations

import hashlib
from typing import Any

from makegood.conversations.envelope import Address, Incoming, IncomingFile, Kind


def as_json(incoming: Incoming, content: bytes) -> dict[str, Any]:
    """The message for JSON; `content` are its bytes. `from` is what is shown, `identity` tells if it is proven.

    `kind` keeps to its list: `verification` tells beside it that a service sent a code or a link to confirm.
    """
    bounce, kind = incoming.bounce, incoming.kind_otherwise or incoming.kind
    return {
        "from": _address(incoming.shown_sender),
        "to": [_address(address) for address in incoming.to],
        "cc": [_address(address) for address in incoming.cc],
        "reply_to": [_address(address) for address in incoming.reply_to],
        "subject": incoming.subject,
        "date": incoming.date.isoformat() if incoming.date else None,
        "message_id": incoming.message_id,
        "in_reply_to": incoming.in_reply_to,
        "references": incoming.references,
        "text": incoming.text,
        "html": incoming.html,
        "reply_text": incoming.reply_text,
        "attachments": [_file(file) for file in incoming.files],
        "auto_reply": kind is Kind.AUTO_REPLY,
        "bounce": kind in (Kind.BOUNCE, Kind.DELAYED),
        "bounce_hard": bounce.hard if bounce else None,
        "bounce_recipients": list(bounce.recipients) if bounce else [],
        "kind": kind.value,
        "verification": incoming.kind is Kind.VERIFICATION,
        "identity": incoming.identity.value,
        "bulk": incoming.bulk,
        "spam": incoming.spam,
        "warnings": incoming.warnings,
        "raw_sha256": hashlib.sha256(content).hexdigest(),
        "problems": incoming.problems,
    }


def _address(address: Address) -> dict[str, str]:
    return {"name": address.name, "email": address.email}


def _file(file: IncomingFile) -> dict[str, Any]:
    return {
        "filename": file.filename,
        "content_type": file.content_type,
        "size": len(file.content),
        "sha256": hashlib.sha256(file.content).hexdigest(),
        "inline": file.inline,
    }
