"""What of a reply is new, what is quoted and what is signature: cut as a person would cut it, nothing thrown away.

A text becomes an ordered list of fragments. What stands below an attribution is quoted: up to the last ">" line when
the program marks its quotes with ">", otherwise to the end. Words between ">" lines are answers and stay new.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from makegood.text.attributions import attribution_end, bare
from makegood.text.signatures import is_delimiter, is_device_line, is_rule, may_start_card, starts_card

type Kind = Literal["new", "quote", "signature", "header"]

MARKER = "— Write above this line —"
"""Stands at the head of each letter of ours; all below it is quoted."""

_MOST_LINES = 20_000
"""Lines analysed; the rest has the kind of the last one."""
_WRAPPED_AT = 60
_TAIL_LINES = 60


@dataclass(frozen=True, slots=True)
class Fragment:
    """Lines of one kind that stand together. The texts of all fragments, joined by line ends, are the whole text."""

    kind: Kind
    text: str


def split(text: str) -> tuple[Fragment, ...]:
    """The fragments of a message, in order; none for a blank one."""
    lines = _lines(text)
    kinds = _Reading(lines[:_MOST_LINES]).kinds()
    if len(lines) > _MOST_LINES:
        kinds += kinds[-1:] * (len(lines) - _MOST_LINES)
    return tuple(_fragments(lines, kinds)) if text.strip() else ()


def reply_of(text: str) -> str:
    """The words written for this message, without quotes and signature.

    Never empty when a word stands outside of ">" lines: with nothing new above a quote, all of that is the reply.
    """
    fragments = split(text)
    new = "\n\n".join(_without_rules(fragment.text) for fragment in fragments if fragment.kind == "new").strip()
    if new:
        return new
    for kinds in (("signature",), ("quote", "header")):
        lines = [line for part in fragments if part.kind in kinds for line in part.text.split("\n")]
        words = "\n".join(line for line in lines if not line.lstrip().startswith(">")).strip()
        if words:
            return words
    return ""


class _Reading:
    """One pass over the lines, from top to bottom, that gives each its kind."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.found: list[Kind] = []
        self.has_new = False
        self.ends: dict[int, int | None] = {}

    def kinds(self) -> list[Kind]:
        lines, found = self.lines, self.found
        while len(found) < len(lines):
            at = len(found)
            line = lines[at].strip()
            if not line:
                found.append(found[-1] if found else "new")
            elif line[0] == ">" or self._is_wrapped_quote(at, line):
                found.append("quote")
            elif not self._take_attribution(at) and not self._take_signature(at, line):
                found.append("new")
                self.has_new = True
        return found

    def _take_attribution(self, at: int) -> bool:
        end = self._attribution_end(at)
        if end is None:
            return False
        self._take("header", end)
        while end < len(self.lines) and not self.lines[end].strip():
            end += 1
        is_marked = end < len(self.lines) and self.lines[end].lstrip().startswith(">")
        self._take("quote", end if is_marked else len(self.lines))
        return True

    def _take_signature(self, at: int, line: str) -> bool:
        """A mark or a telephone's line begins one; so does a closing, if a short card is all that follows it."""
        is_certain = is_delimiter(line) or is_device_line(line)
        if not is_certain and not (self.has_new and may_start_card(line) and self._is_card(at)):
            return False
        if not self.has_new:
            self._take("signature", at + 1)
            return True
        end = at + 1
        while end < len(self.lines) and not self._ends_signature(end):
            end += 1
        self._take("signature", end)
        return True

    def _is_card(self, at: int) -> bool:
        return starts_card(self.lines, at, self._end_of_words(at))

    def _end_of_words(self, at: int) -> int:
        """Where the words end in which line `at` stands: at a quote, or at the end of the text."""
        end = at + 1
        while end < min(len(self.lines), at + _TAIL_LINES) and not self._ends_signature(end):
            end += 1
        return end

    def _ends_signature(self, at: int) -> bool:
        line = self.lines[at].lstrip()
        return bool(line) and (line[0] == ">" or self._attribution_end(at) is not None)

    def _attribution_end(self, at: int) -> int | None:
        if at not in self.ends:
            self.ends[at] = attribution_end(self.lines, at)
        return self.ends[at]

    def _is_wrapped_quote(self, at: int, line: str) -> bool:
        """Whether a line is the end of the ">" line above it, broken by a program that did not repeat the mark."""
        if not at or self.found[-1] != "quote" or not self.lines[at - 1].lstrip().startswith(">"):
            return False
        above = bare(self.lines[at - 1])
        is_closed = at + 1 >= len(self.lines) or self.lines[at + 1].lstrip()[:1] in ("", ">")
        return len(above) >= _WRAPPED_AT and line[0].islower() and is_closed and len(line) < len(above) + 20

    def _take(self, kind: Kind, end: int) -> None:
        self.found.extend([kind] * (end - len(self.found)))


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _fragments(lines: Sequence[str], kinds: Sequence[Kind]) -> Iterator[Fragment]:
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or kinds[at] != kinds[start]:
            yield Fragment(kinds[start], "\n".join(lines[start:at]))
            start = at


def _without_rules(text: str) -> str:
    """New words without the rows of dashes that a program drew between them and its quote."""
    lines = text.rstrip().split("\n")
    while lines and (not lines[-1].strip() or is_rule(lines[-1].strip())):
        lines.pop()
    return "\n".join(lines)
