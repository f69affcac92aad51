"""Mails and texts that leave as files: what lets one join a conversation is taken out, however it is encoded.

The bytes are looked through without reading their structure: what two programs would read differently is found all the
same. Files of other kinds (a PDF, an archive) leave as they are.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode

from makegood.files.models import StoredFile

DEEPEST = 3  # a mail within a mail, each in base64
LINE = 76  # RFC 2045, 6.8

_HEX = rb"(?:[0-9a-fA-F](?:=\r?\n)?){32}"  # a line of quoted-printable may end in the middle
_PLUS = rb"(?:\+|%2[bB]|=2[bB]|&#43;|&plus;)"
_AT = rb"(?:@|%40|=40|&#64;|&commat;)"
# As in `matching.without_tokens`: behind the plus of a reply address, and behind the key of a Message-ID of ours.
_BEGIN = rb"(?:(?<![0-9a-fA-F])|(?<==3[cC]))"  # not within longer numbers, which would be tried from every digit
_TOKEN = re.compile(rb"%b%b(?=%b)|%b(?P<key>%b)(?:\.|=2[eE])%b(?=%b)" % (_PLUS, _HEX, _AT, _BEGIN, _HEX, _HEX, _AT))
_BASE64 = re.compile(rb"(?:^[A-Za-z0-9+/]{4,}+={0,2}[ \t]*+\r?(?:\n|\Z))++", re.M)
_WORD = re.compile(rb"(=\?[^?\s]{1,60}\?[bB]\?)([A-Za-z0-9+/=]{1,998})(?=\?=)")


def file_for_others(file: StoredFile, content: bytes) -> bytes:
    """What leaves under the name of this file."""
    is_read = file.content_type.lower().startswith(("message/", "text/")) or file.name.lower().endswith(".eml")
    return without_tokens(content) if is_read else content


def without_tokens(content: bytes, depth: int = 0) -> bytes:
    """The same bytes where no token is in them."""
    if depth < DEEPEST:
        content = _BASE64.sub(lambda block: _cleaned(block[0], depth, LINE), content)
        content = _WORD.sub(lambda word: word[1] + _cleaned(word[2], depth, len(word[2])), content)
    return _TOKEN.sub(lambda found: found["key"] or b"", content)


def _cleaned(block: bytes, depth: int, width: int) -> bytes:
    """Base64 of what has no token; as it was, when there was none, or it is no base64 after all."""
    try:
        inner = b64decode(block)
    except binascii.Error:
        return block
    cleaned = inner if b"\0" in inner[:1024] else without_tokens(inner, depth + 1)  # a picture has no words
    if cleaned == inner:
        return block
    text, end = b64encode(cleaned), b"\r\n" if block.endswith(b"\r\n") else b"\n" if block.endswith(b"\n") else b""
    lines = [text[begin : begin + width] for begin in range(0, len(text), width)]
    return (end or b"\r\n").join(lines) + end
