"""The tree of parts of a message (RFC 2046), found by offsets into its bytes: no copies, no mails inside mails.

The standard library's parser builds every line as an object: 0.7 s and 180 MiB for one attachment of 30 MiB, and
without bound for shorter lines. Here a boundary is one search over the bytes, whatever its lines are like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from makegood.channels.email.parsing import fields as header_fields
from makegood.channels.email.parsing import headers
from makegood.channels.email.parsing.fields import Fields
from makegood.text.marking import gettext_noop

MAX_DEPTH = 50
MAX_PARTS = 500
MAX_HEADER_BYTES = 1024 * 1024
_MIN_HEADER_BYTES = 4096  # every part may have as much, even when the message has used up its share
_SEARCH_BUDGET = 400 * 1024 * 1024  # bytes that all boundary searches together may look at
_GUESS_BYTES = 64 * 1024
_LOST_BOUNDARY = re.compile(rb"^--([^\s-][^\r\n]{0,200}?)[ \t]*\r?\n(?=content-[a-z-]{1,40}:)", re.I | re.M)
_LINE_END = re.compile(rb"\r{0,2}\n|\r")
_BLANK_LINE = re.compile(rb"(?>\r{0,2}\n|\r)[ \t]{0,20}(?>\r{0,2}\n|\r)")  # atomic: the two bytes of CRLF are one end
_BLANK_START = re.compile(rb"[ \t]{0,20}(?:\r{0,2}\n|\r)")
_ENVELOPE_LINE = re.compile(rb">?From [^\r\n]{0,1000}(?:\r{0,2}\n|\r)")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
_CONTENT_TYPES_SHORT = {"text": "text/plain", "html": "text/html", "plain": "text/plain"}

TOO_DEEP = gettext_noop(
    "This message has parts inside parts more than 50 deep; what lies deeper is kept as it came, unread."
)
TOO_MANY = gettext_noop("This message has more than 500 parts; only the first 500 are shown.")
HEADER_CUT = gettext_noop("The header of this message is longer than 1 MB; it was read only up to there.")
FIELD_CUT = gettext_noop("A line of this message's header is longer than 256 KB; it was cut.")
NO_BOUNDARY = gettext_noop("The marks between the parts of this message are missing or wrong; they were guessed.")
NOT_DIVIDED = gettext_noop("The parts of this message could not be told apart; it is shown as it came.")


@dataclass(slots=True)
class Part:
    """One part. Its body stands in `content` from `start` to `end`, still in its transfer encoding."""

    fields: Fields
    content_type: str
    type_params: dict[str, str]
    disposition: str
    disposition_params: dict[str, str]
    content: bytes
    start: int
    end: int
    children: list[Part] = field(default_factory=list)

    @property
    def body(self) -> memoryview:
        return memoryview(self.content)[self.start : self.end]

    @property
    def maintype(self) -> str:
        return self.content_type.partition("/")[0]

    @property
    def charset(self) -> str:
        return self.type_params.get("charset", "").partition(" ")[0]

    def walk(self) -> Iterator[Part]:
        """This part and all below it, in their order."""
        yield self
        for child in self.children:
            yield from child.walk()


def read(content: bytes) -> tuple[Part, list[str]]:
    """The root part of a message and, in plain words, what was cut or guessed."""
    reader = _Reader(content)
    root = reader.part(_after_envelope(content), len(content), depth=0, default="text/plain")
    return root, reader.problems


def read_head(content: bytes) -> Fields:
    """The header fields of a message alone."""
    start = _after_envelope(content)
    fields, _body = _Reader(content).head(start, len(content))
    return fields


class _Reader:
    """Reads parts out of one message and counts what they cost."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._parts_left = MAX_PARTS
        self._header_bytes_left = MAX_HEADER_BYTES
        self._search_bytes_left = _SEARCH_BUDGET
        self.problems: list[str] = []

    def part(self, start: int, end: int, *, depth: int, default: str) -> Part:
        """The part between two offsets; `default` is its type when it names none (RFC 2046, section 5.1.5)."""
        self._parts_left -= 1
        fields, body = self.head(start, end)
        content_type, params = headers.parameters(fields.first("content-type"))
        fields.charset = params.get("charset", "").partition(" ")[0]
        disposition, disposition_params = headers.parameters(fields.first("content-disposition"), fields.charset)
        if not _TYPE.fullmatch(content_type):
            content_type = _CONTENT_TYPES_SHORT.get(content_type, default)
        part = Part(fields, content_type, params, disposition, disposition_params, self._content, body, end)
        if content_type.startswith("multipart/"):
            if depth >= MAX_DEPTH:
                self._note(TOO_DEEP)
            else:
                self._divide(part, body, end, depth)
        return part

    def head(self, start: int, end: int) -> tuple[Fields, int]:
        """The header fields from `start` on, and where the body begins."""
        blank = _BLANK_START.match(self._content, start, end)
        if blank:
            return Fields(), blank.end()
        limit = min(end, start + max(self._header_bytes_left, _MIN_HEADER_BYTES))
        found = _BLANK_LINE.search(self._content, start, limit)
        if found:
            stop, body = found.start(), found.end()
        elif limit == end:
            stop = body = end
        else:
            self._note(HEADER_CUT)
            stop, body = limit, self._far_blank_line(limit, end)
        self._header_bytes_left -= stop - start
        fields, used = header_fields.split(self._content[start:stop])
        if used < stop - start:  # the blank line was lost: the text begins where no header is any more
            body = start + used
        if fields.cut:
            self._note(FIELD_CUT)
        return fields, body

    def _far_blank_line(self, start: int, end: int) -> int:
        found = [self._content.find(mark, start, end) + len(mark) for mark in (b"\n\n", b"\n\r\n", b"\r\r")]
        return min((at for at in found if at >= start), default=end)

    def _divide(self, part: Part, start: int, end: int, depth: int) -> None:
        boundary = part.type_params.get("boundary", "").encode("utf-8", "replace")
        ranges = self._ranges(boundary, start, end) if boundary else []
        if not ranges:
            lost = _LOST_BOUNDARY.search(self._content, start, min(end, start + _GUESS_BYTES))
            ranges = self._ranges(lost.group(1), start, end) if lost else []
            self._note(NO_BOUNDARY if ranges else NOT_DIVIDED)
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        for child_start, child_end in ranges:
            if self._parts_left <= 0:
                self._note(TOO_MANY)
                return
            part.children.append(self.part(child_start, child_end, depth=depth + 1, default=default))

    def _ranges(self, boundary: bytes, start: int, end: int) -> list[tuple[int, int]]:
        """Where the parts between the lines of a boundary begin and end; the last needs no closing line."""
        self._search_bytes_left -= end - start
        if self._search_bytes_left < 0:
            self._note(TOO_DEEP)
            return []
        line_end = b"\n" if self._content.find(b"\n", start, end) >= 0 else b"\r"
        mark = re.escape(line_end + b"--" + boundary)
        delimiter = re.compile(mark + rb"(--)?[ \t]{0,100}(?=[\r\n]|\Z)")
        ranges: list[tuple[int, int]] = []
        begun = -1
        for found in delimiter.finditer(self._content, max(start - 1, 0), end):
            if begun >= 0:
                ranges.append((begun, self._before_line_end(begun, found.start())))
            begun = -1 if found.group(1) else self._after_line_end(found.end(), end)
            if begun < 0 or len(ranges) > self._parts_left:
                break
        if begun >= 0 and len(ranges) <= self._parts_left:
            ranges.append((begun, end))
        return ranges

    def _before_line_end(self, begun: int, at: int) -> int:
        """`at` is the line feed before the boundary; a carriage return in front of it belongs to it."""
        while at > begun and self._content[at - 1] == 13:
            at -= 1
        return max(at, begun)

    def _after_line_end(self, at: int, end: int) -> int:
        found = _LINE_END.match(self._content, at, end)
        return found.end() if found else at

    def _note(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def _after_envelope(content: bytes) -> int:
    """Past blank lines and the `From ` line of an mbox at the very beginning."""
    at = 0
    for _ in range(20):
        found = _BLANK_START.match(content, at) or _ENVELOPE_LINE.match(content, at)
        if not found or found.end() >= len(content):
            break
        at = found.end()
    return at
