"""Mails and texts that leave as files: what lets one join a conversation is taken out, however it is encoded.

The bytes are looked through without reading their structure: what two programs would read differently is found all the
same. Files of other kinds (a PDF, an archive) leave as they are.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error, a2b_qp
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from makegood.files.models import StoredFile

DEEPEST = 3  # a mail within a mail, each in base64
LINE = 76  # RFC 2045, 6.8
Among = Callable[[set[str]], set[str]]

# What may stand between any two characters: the zeros of UTF-16, the end of a line of quoted-printable (RFC 2045,
# 6.7). Bounded, since it is tried from each digit.
_GAP = rb"(?:\0|=00|=[ \t]{0,9}\r?\n){0,4}+"
_DIGIT = rb"[0-9a-fA-F]%b" % _GAP


def _spelled(sign: str, name: str) -> bytes:
    """As it is, in links, in quoted-printable and in HTML."""
    code = ord(sign)
    spellings = [sign, f"%{code:x}", f"={code:x}", f"&#*{code}", f"&#x*{code:x}", f"&{name}"]
    zeros = rb"(?:0%b)*+" % _GAP
    signs = [[zeros if one == "*" else re.escape(one.encode()) + _GAP for one in spelled] for spelled in spellings]
    return b"(?i:%b)" % b"|".join(map(b"".join, signs))


# As in `matching.without_tokens`: behind the plus of a reply address, and behind the key of a Message-ID of ours.
_BEFORE = rb"(?:(?:%b|%b)(?:;%b)?+)" % (_spelled("+", "plus"), _spelled(".", "period"), _GAP)
# Digits that no @ follows are passed over all at once, else they would be looked at from each of them.
_TOKEN = re.compile(
    rb"(?:(?P<before>%b)|(?<![0-9a-fA-F]))(?P<digits>(?:%b){32,}+)(?:(?=%b)|(?P<passed>))"
    % (_BEFORE, _DIGIT, _spelled("@", "commat"))
)
_DIGITS = re.compile(_DIGIT)
_LINE, _END = rb"^[A-Za-z0-9+/]{4,}+[ \t]*+\r?(?:\n|\Z)", rb"^[A-Za-z0-9+/]{2,}+={1,2}[ \t]*+\r?(?:\n|\Z)"
_BASE64 = re.compile(rb"(?:%b)*+%b|(?:%b)++" % (_LINE, _END, _LINE), re.M)
# Encoded words of one charset that follow each other are one text (RFC 2047, 6.2).
_WORD = re.compile(rb"=\?[^?\s]{1,60}\?([bBqQ])\?([^?\s]{0,998}+)\?=")
_WORDS = re.compile(
    rb"=\?(?P<charset>[^?\s]{1,60})\?%b(?:\s{1,9}=\?(?P=charset)\?%b)*+" % ((rb"[bBqQ]\?[^?\s]{0,998}+\?=",) * 2)
)


def file_for_others(file: StoredFile, content: bytes, tokens_among: Among) -> bytes:
    """What leaves under the name of this file. It is asked once which of what looks like a token is one."""
    is_read = file.content_type.lower().startswith(("message/", "text/")) or file.name.lower().endswith(".eml")
    return without_tokens(content, tokens_among) if is_read else content


def without_tokens(content: bytes, tokens_among: Among) -> bytes:
    """The same bytes where no token is in them."""
    found: set[str] = set()

    def note(digits: str) -> bool:
        found.add(digits)
        return False

    _without(content, note)
    tokens = tokens_among(found) if found else set()
    return _without(content, tokens.__contains__) if tokens else content


def _without(content: bytes, is_token: Callable[[str], bool], depth: int = 0) -> bytes:
    def clean(inner: bytes) -> bytes:
        return _without(inner, is_token, depth + 1)

    def block(found: re.Match[bytes]) -> bytes:
        cleaned = _cleaned(partial(b64decode, found[0]), clean)
        return found[0] if cleaned is None else _in_lines(cleaned, found[0])

    def words(found: re.Match[bytes]) -> bytes:
        cleaned = _cleaned(partial(_text_of, found[0]), clean)
        return found[0] if cleaned is None else b"=?%b?b?%b?=" % (found["charset"], cleaned)

    def token(found: re.Match[bytes]) -> bytes:
        if found["passed"] is not None:
            return found[0]
        digits = _DIGITS.findall(found["digits"])
        last = b"".join(digit[:1] for digit in digits[-32:])
        if not is_token(last.decode().lower()):
            return found[0]
        return b"".join([found["before"] or b"", *digits[:-32]]) if len(digits) > 32 else b""

    if depth < DEEPEST:
        content = _BASE64.sub(block, content)
        content = _WORDS.sub(words, content)
    return _TOKEN.sub(token, content)


def _text_of(words: bytes) -> bytes:
    pieces = []
    for encoding, text in _WORD.findall(words):
        with suppress(Error):  # one that is broken hides none of the others
            pieces.append(b64decode(text + b"==") if encoding in b"bB" else a2b_qp(text, header=True))
    return b"".join(pieces)


def _cleaned(decode: Callable[[], bytes], clean: Callable[[bytes], bytes]) -> bytes | None:
    """Base64 of what has no token; None when there was none, or it is no base64 after all."""
    try:
        inner = decode()
    except Error:
        return None
    cleaned = clean(inner) if _has_words(inner[:1024]) else inner
    return None if cleaned == inner else b64encode(cleaned)


def _in_lines(text: bytes, before: bytes) -> bytes:
    end = b"\r\n" if before.endswith(b"\r\n") else b"\n" if before.endswith(b"\n") else b""
    lines = [text[begin : begin + LINE] for begin in range(0, len(text), LINE)]
    return (end or b"\r\n").join(lines) + end


def _has_words(beginning: bytes) -> bool:
    """A picture has zeros at any place, UTF-16 at every second."""
    return b"\0" not in beginning[::2] or b"\0" not in beginning[1::2]
