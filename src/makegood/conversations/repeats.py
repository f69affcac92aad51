"""Whether a letter repeats a note: eight words in a row that are not public already. Pure; time linear in its input."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

WORDS = 8
# Scripts without blanks between words: each sign counts, two of them as a word.
_SIGN = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"
_WORD = re.compile(rf"{_SIGN}|(?:(?!{_SIGN})\w)+")
_ONE_SIGN = re.compile(_SIGN)
SHOWN = 300


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    begin: int
    end: int
    weight: float


def repeated(text: str, notes: Iterable[str]) -> list[str]:
    """The passages of `text`, as they stand there, that have at least eight words in a row of one of the notes."""
    return _passages(text, _runs(notes))


def still_repeated(text: str, notes: Iterable[str], public: Iterable[str]) -> list[str]:
    """The same without what a customer could read already. Public texts are read one at a time."""
    hidden = _runs(notes) & _own_runs(text)
    for one in public:
        hidden -= _own_runs(one)
        if not hidden:
            break
    return _passages(text, hidden)


def _passages(text: str, hidden: set[tuple[str, ...]]) -> list[str]:
    words = _words(text)
    found: list[tuple[int, int]] = []
    for start in range(len(words) - WORDS + 1):
        if _run(words, start) not in hidden:
            continue
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], start + WORDS)
        else:
            found.append((start, start + WORDS))
    long = (words[begin:end] for begin, end in found)
    return [_shown(text, some) for some in long if sum(word.weight for word in some) >= WORDS]


def _shown(text: str, words: list[_Word]) -> str:
    passage = " ".join(text[words[0].begin : words[-1].end].split())
    return passage if len(passage) <= SHOWN else f"{passage[:SHOWN]}…"


def _runs(texts: Iterable[str]) -> set[tuple[str, ...]]:
    return {run for text in texts for run in _own_runs(text)}


def _own_runs(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    return {_run(words, start) for start in range(len(words) - WORDS + 1)}


def _run(words: list[_Word], start: int) -> tuple[str, ...]:
    return tuple(word.text for word in words[start : start + WORDS])


def _words(text: str) -> list[_Word]:
    return list(_each_word(text))


def _each_word(text: str) -> Iterator[_Word]:
    for match in _WORD.finditer(text):
        word = match.group()
        yield _Word(word.casefold(), *match.span(), 0.5 if _ONE_SIGN.match(word) else 1.0)
