"""Message-IDs, In-Reply-To and References as they come: bracketless, folded, doubled, malformed, endless."""

from __future__ import annotations

import hashlib
import re

from makegood.channels.email.parsing.fields import Fields

MAX_REFERENCES = 100
MAX_ID_LENGTH = 250

_ID = re.compile(r"<[^<>\s\x00-\x1f\x7f-\x9f]{1,250}>")
_BARE_ID = re.compile(r"[^<>\s\x00-\x1f\x7f-\x9f,;\"'()]{1,200}@[^<>\s\x00-\x1f\x7f-\x9f,;\"'()]{1,200}")
_FOLDS = re.compile(r"[\x00-\x20\x7f-\x9f]+")


def message_id(fields: Fields, content: bytes) -> str:
    """The message's own id with brackets; made from the hash of its bytes when it has none that can be used."""
    for value in fields.every("message-id"):
        found = _one(value)
        if found:
            return found
    return f"<{hashlib.sha256(content).hexdigest()}@no-message-id.invalid>"


def in_reply_to(fields: Fields) -> str:
    """The last usable id of In-Reply-To; people's phrases around it are skipped."""
    ids = _all(fields.every("in-reply-to"))
    return ids[-1] if ids else ""


def references(fields: Fields) -> list[str]:
    """The ids of References, each once, oldest first: of endless lists the first and the last 99."""
    ids = list(dict.fromkeys(_all(fields.every("references"))))
    return ids if len(ids) <= MAX_REFERENCES else [ids[0], *ids[1 - MAX_REFERENCES :]]


def _one(value: bytes) -> str:
    ids = _all([value])
    if ids:
        return ids[0]
    bare = _FOLDS.sub("", value[:1000].decode("utf-8", "replace")).strip("<>\"'")
    return f"<{bare}>" if bare and len(bare) <= MAX_ID_LENGTH and not re.search(r"[<>]", bare) else ""


def _all(values: list[bytes]) -> list[str]:
    text = " ".join(value.decode("utf-8", "replace") for value in values)
    ids = _ID.findall(text)
    if not ids and "<" in text:  # folded in the middle of an id
        ids = [_FOLDS.sub("", piece) for piece in re.findall(r"<[^<>]{1,500}>", text)]
        ids = [i for i in ids if _ID.fullmatch(i)]
    return ids or [f"<{bare}>" for bare in _BARE_ID.findall(text)]
