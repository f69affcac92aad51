"""Which conversation a message belongs to: by our token, or by Message-IDs of ours with a sender who takes part.

Never by number, subject or name (trust.md, Who is speaking). Pure: says what to look for, not what was found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from makegood.conversations.envelope import Incoming

TOKEN = re.compile(r"[0-9a-f]{32}")
TOKEN_IN_TEXT = re.compile(r"(?:\+|%2[bB]|(?<=[0-9a-fA-F]{32})\.)([0-9a-fA-F]{32})(?=@|%40)")
MAX_REFERENCES = 50
LONGEST_ID = 255  # of a Message-ID, as it is kept; a longer one is compared by its beginning


@dataclass(frozen=True, slots=True)
class Traces:
    """What a message says about where it belongs, best first."""

    tokens: tuple[str, ...]  # of reply addresses and of our own Message-IDs
    message_ids: tuple[str, ...]  # newest first
    thread_index: str


def traces(incoming: Incoming) -> Traces:
    """Everything in the message that may name a conversation."""
    ids = _newest_first(incoming)
    if incoming.bounce and incoming.bounce.original_message_id:
        ids = [incoming.bounce.original_message_id, *ids]
    addresses = [*incoming.delivered_to, *(address.email for address in [*incoming.to, *incoming.cc])]
    tokens = [*(token_of_address(address) for address in addresses), *(token_of_message_id(id_) for id_ in ids)]
    return Traces(
        tokens=tuple(dict.fromkeys(token for token in tokens if token))[:MAX_REFERENCES],
        message_ids=tuple(dict.fromkeys(ids))[:MAX_REFERENCES],
        thread_index=incoming.thread_index,
    )


def reply_address(address: str, token: str) -> str:
    """support@shop.example and a token: support+<token>@shop.example (RFC 5233, subaddressing)."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}+{token}@{domain}"


def token_of_address(address: str) -> str:
    """The token behind the plus, or nothing."""
    detail = address.lower().rpartition("@")[0].partition("+")[2]
    return detail if TOKEN.fullmatch(detail) else ""


def message_id(key: str, token: str, domain: str) -> str:
    """The Message-ID of a message of ours: its key and its conversation's token (RFC 5322, 3.6.4)."""
    return f"<{key}.{token}@{domain}>"


def token_of_message_id(message_id: str) -> str:
    """The token in a Message-ID of ours, or nothing."""
    key, dot, token = message_id.lower().strip("<>").partition("@")[0].rpartition(".")
    return token if dot and TOKEN.fullmatch(token) and TOKEN.fullmatch(key) else ""


def without_tokens(text: str, tokens_among: Callable[[set[str]], set[str]]) -> str:
    """Words that go to somebody else: our reply addresses and Message-IDs lose the token, with which one joins in.

    It is asked which of what looks like a token is one: other houses have such addresses, too, and theirs stay.
    """
    found = {match[1].lower() for match in TOKEN_IN_TEXT.finditer(text)}
    tokens = tokens_among(found) if found else set()
    return TOKEN_IN_TEXT.sub(lambda match: "" if match[1].lower() in tokens else match[0], text)


def _newest_first(incoming: Incoming) -> list[str]:
    references: Iterable[str] = reversed(incoming.references[-MAX_REFERENCES:])
    return [id_[:LONGEST_ID] for id_ in [incoming.in_reply_to, *references] if id_]
