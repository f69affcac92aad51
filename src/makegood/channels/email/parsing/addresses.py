"""Addresses of a header field (RFC 5322, section 3.4): the one strict reader of addr-specs for incoming mail.

Names are read leniently, addresses never: encoded words inside an address are not decoded, and what is no addr-spec
gives an empty `email`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from makegood.channels.email.parsing import headers
from makegood.channels.email.parsing.fields import Fields
from makegood.conversations.envelope import Address
from makegood.text.unseen import without_unseen

MAX_ADDRESSES = 200
_MAX_SPEC = 320

_TOKEN = re.compile(
    r'(?P<word>=\?[^?\s]{0,60}\?[bBqQ]\?[^?]{0,2000}\?=)|(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<angle><[^>,;"]{0,1000}>?)'
    r'|(?P<comment>\((?:[^()\\]|\\.)*\))|(?P<end>[,;])|(?P<colon>:)|(?P<plain>(?:[^"<(,;:=\\]|\\.)+)|(?P<other>.)',
    re.S,
)
_LOCAL = r"[^\s\x00-\x20\x7f-\x9f\"(),:;<>@\[\\\]\u2028\u2029\ud800-\udfff]{1,128}"
_QUOTED_LOCAL = r'"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e]){1,126}"'
_LABEL = r"(?:[^\W_]|[^\W_](?:[\w\u0300-\u036f-]{0,61})[^\W_]|_[\w-]{1,61})"
_SPEC = re.compile(rf"({_LOCAL}|{_QUOTED_LOCAL})@({_LABEL}(?:\.{_LABEL}){{0,30}}|\[[0-9A-Za-z:.]{{2,60}}\])\.?")
_QUOTED_PAIR = re.compile(r"\\(.)", re.S)
_FOLDING = re.compile(r"[\r\n\t]+")


@dataclass(slots=True)
class _Mailbox:
    """What has been seen of one mailbox so far; letters stand for bytes (Latin-1)."""

    phrase: list[str] = field(default_factory=list)
    angles: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    has_address: bool = False

    def add_to_phrase(self, piece: str) -> None:
        self.phrase.append(piece)
        self.has_address = self.has_address or "@" in piece

    def add_angle(self, piece: str) -> None:
        self.angles.append(piece)
        self.has_address = True


def read_list(values: Iterable[bytes], charset: str = "") -> tuple[list[Address], bool]:
    """The addresses of all fields of one name, at most 200, and whether more were left out."""
    found: list[Address] = []
    for value in values:
        for address in _read(value, charset):
            if len(found) >= MAX_ADDRESSES:
                return found, True
            found.append(address)
    return found, False


def read_spec(spec: str) -> str:
    """`spec` when it is one bare addr-spec (a trailing dot is dropped), else an empty string.

    An address with letters that nobody sees is none: it would look like somebody else's.
    """
    if len(spec) > _MAX_SPEC or "=?" in spec or without_unseen(spec) != spec:
        return ""
    match = _SPEC.fullmatch(spec)
    return f"{match.group(1)}@{match.group(2)}" if match else ""


def domain_of(email: str) -> str:
    """The domain of an addr-spec in lower case."""
    return email.rpartition("@")[2].lower()


def _read(value: bytes, charset: str) -> Iterable[Address]:
    scanned = value.decode("latin-1")
    last_semicolon = scanned.rfind(";")
    box = _Mailbox()
    for token in _TOKEN.finditer(scanned):
        kind, piece = token.lastgroup, token.group()
        if kind == "end":
            if piece == "," and not box.has_address and box.phrase:
                box.add_to_phrase(piece)  # Fenwick, Odile <odile@…>: a comma that should have been quoted
                continue
            yield from _finished(box, charset)
            box = _Mailbox()
        elif kind == "colon" and token.start() < last_semicolon and not box.has_address:
            box = _Mailbox()  # the name of a group
        elif kind == "angle":
            box.add_angle(piece)
        elif kind == "comment":
            box.comments.append(piece[1:-1])
        else:
            box.add_to_phrase(piece)
    yield from _finished(box, charset)


def _finished(box: _Mailbox, charset: str) -> Iterable[Address]:
    """The address of a mailbox; more than one when it claims several, so that nobody takes the wrong one for proven."""
    specs = list(dict.fromkeys(filter(None, (_angle_spec(angle) for angle in box.angles))))
    if specs:
        name = _name(box.phrase, charset) or _name(box.comments, charset)
        for spec in specs:
            yield Address(name, spec)
        return
    phrase = "".join(box.phrase).strip()
    spec = _bytes_spec(phrase)
    if spec:
        yield Address(_name(box.comments, charset), spec)
    elif box.phrase or box.angles or box.comments:
        inside = [*box.phrase, *(angle.strip("<> ") for angle in box.angles)]
        spec = _only_spec_in(inside)
        name = _name([piece.replace(spec, "") for piece in inside] if spec else inside, charset)
        name = name or _name(box.comments, charset)
        if name or spec:
            yield Address(name, spec)


def _only_spec_in(pieces: list[str]) -> str:
    """The one addr-spec among words without brackets (`Odile Fenwick odile@fenwick.example`)."""
    words = [word for piece in pieces for word in piece.encode("latin-1").split()]  # no byte of a letter is a blank
    specs = [spec for word in words if b"@" in word and (spec := _bytes_spec(word.decode("latin-1")))]
    return specs[0] if len(specs) == 1 else ""


def _angle_spec(angle: str) -> str:
    inside = angle.strip("<> \t\r\n")
    if inside[:7].lower() == "mailto:":
        inside = inside[7:]
    if inside.startswith("@") and ":" in inside:  # the route of RFC 822: <@relay.example:odile@fenwick.example>
        inside = inside.rpartition(":")[2]
    return _bytes_spec(inside.strip("'\""))


def _bytes_spec(letters: str) -> str:
    """The addr-spec in letters that stand for bytes; 8-bit addresses are UTF-8 or none (RFC 6532)."""
    if letters.isascii():
        return read_spec(letters)
    try:
        return read_spec(letters.encode("latin-1").decode("utf-8"))
    except UnicodeDecodeError:
        return ""


def _name(pieces: list[str], charset: str) -> str:
    unquoted = "".join(_QUOTED_PAIR.sub(r"\1", p[1:-1]) if p[:1] == '"' and len(p) > 1 else p for p in pieces)
    return headers.text(_FOLDING.sub(" ", unquoted).strip().encode("latin-1"), charset).strip(" ,'<>")


def shown_sender(fields: Fields) -> tuple[Address | None, Address]:
    """The one believable From or None, and what is shown: that, or the best of what else the mail names (trait 14)."""
    written, _ = read_list(fields.every("from"), fields.charset)
    valid = list({address.email.lower(): address for address in written if address.email}.values())
    if len(valid) == 1 and len(fields.every("from")) == 1 and len(written) == 1:
        return valid[0], valid[0]
    name = next((address.name for address in written if address.name), "")
    if valid:
        return None, valid[0]
    for other in ("reply-to", "sender", "return-path", "envelope-from", "x-envelope-from"):
        for address in read_list(fields.every(other), fields.charset)[0]:
            if address.email:
                return None, Address(name or address.name, address.email)
    return None, Address(name, "")
