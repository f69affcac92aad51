"""What crosses the line between channels and conversations: `Raw`, `Incoming`, `Outgoing`, `Receipt`. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What sort of message came in; only `MESSAGE` was written by a person to us (RFC 3834, 3464, 5965, 8098)."""

    MESSAGE = "message"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    DELAYED = "delayed"
    COMPLAINT = "complaint"
    RECEIPT = "receipt"
    VERIFICATION = "verification"  # another service's code or link to confirm; kept from customers until released


class Identity(StrEnum):
    """How far the sender's name can be believed (trust.md, section 2)."""

    VERIFIED = "verified"
    ALIGNED = "aligned"
    CLAIMED = "claimed"


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a person: `email` is a bare addr-spec, never encoded words, empty when there is none."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes as they came. `source_key` names them at their source (UIDVALIDITY and UID, an LMTP session, a file)."""

    source_key: str
    content: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class DisplayForm:
    """How a message is shown: sanitised HTML, and what is known of it."""

    html: str
    is_plain: bool  # shown inline in our own classes; otherwise in a frame
    has_remote_images: bool  # on other hosts; `html` leaves them out


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file that came with a message; `filename` is already cleaned (text.filenames.clean)."""

    filename: str
    content_type: str
    content: bytes
    inline: bool = False
    content_id: str = ""
    key: str = ""  # the id it is stored under, when the parser has named it already (for images shown inline)


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a bounce, delay notice or complaint says about a message of ours."""

    recipients: tuple[str, ...] = ()
    hard: bool | None = None
    original_message_id: str = ""
    said: str = ""  # the server's own words, one line


@dataclass(slots=True)
class Incoming:
    """A message as understood. Every text is free of NUL and lone surrogates; dates are aware or None."""

    sender: Address | None = None  # None: no single believable From
    shown_sender: Address = Address("", "")  # the sender, else the best that the message names; only to be shown
    to: list[Address] = field(default_factory=list)
    cc: list[Address] = field(default_factory=list)
    reply_to: list[Address] = field(default_factory=list)
    subject: str = ""
    date: datetime | None = None
    message_id: str = ""  # with its angle brackets; made from the hash when the mail has none
    in_reply_to: str = ""
    references: list[str] = field(default_factory=list)
    text: str = ""  # the whole readable text
    html: str | None = None  # sanitised, as shown; cid: images still by cid
    html_is_plain: bool = False  # shown inline in our own classes; otherwise in a frame
    has_remote_images: bool = False  # on other hosts; `html` leaves them out
    reply_text: str = ""  # what is new: quotes and signature folded away
    files: list[IncomingFile] = field(default_factory=list)
    kind: Kind = Kind.MESSAGE
    kind_otherwise: Kind | None = None  # of a verification mail: what its header alone makes it
    bounce: Bounce | None = None
    identity: Identity = Identity.CLAIMED
    bulk: bool = False  # a list, a newsletter or mail that asks not to be answered
    spam: bool = False  # the receiving server's own judgement (X-Spam-Flag and kin)
    thread_index: str = ""
    delivered_to: list[str] = field(default_factory=list)
    language: str = ""
    may_be_probe_note: bool = False  # it bears the mark of a connection test's note, as anybody's mail may
    problems: list[str] = field(default_factory=list)  # in plain words: what could not be read and how it was mended
    warnings: list[str] = field(default_factory=list)  # codes for the agent: "reply_to_elsewhere", "name_has_address"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Final: the bytes and the envelope of one message that leaves. The same at every attempt."""

    key: str
    message_id: str
    sender: str  # envelope sender, "" for automatic mail
    recipients: tuple[str, ...]
    content: bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    """One recipient who was not accepted."""

    recipient: str
    permanent: bool
    said: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the server took: recipients not named in `refused` were accepted."""

    accepted: tuple[str, ...]
    refused: tuple[Refusal, ...] = ()
    said: str = ""
