"""The lenient grammar of the search field: words, "phrases", -without, and filters such as `from:odile`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

PIECE = re.compile(r'(-?)(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))', re.IGNORECASE)
FILTERS = frozenset({"from", "to", "inbox", "tag", "is", "before", "after", "has", "file", "assigned", "team"})
MAX_TERMS = 20


@dataclass(frozen=True, slots=True)
class Term:
    """A word (its prefix, when it ends in *) or a phrase that must, or must not, occur."""

    text: str
    is_phrase: bool = False
    is_without: bool = False


@dataclass(slots=True)
class Query:
    """What was asked. Filters keep their order; an unknown `word:rest` is looked for as words."""

    terms: list[Term] = field(default_factory=list)
    filters: list[tuple[str, str]] = field(default_factory=list)
    without: list[tuple[str, str]] = field(default_factory=list)  # filters with a minus before them

    def filter(self, name: str) -> list[str]:
        """All values given for one filter."""
        return [value for known, value in self.filters if known == name]


def parse(text: str) -> Query:
    """Never fails: what is no filter is words; beyond twenty terms the rest is left out."""
    query = Query()
    readable = text[:1000].replace("\0", " ").encode(errors="replace").decode()  # no database takes the rest
    for without, name, phrase, word in PIECE.findall(readable):
        value = phrase or word
        if name.lower() in FILTERS and value:
            (query.without if without else query.filters).append((name.lower(), value))
        elif value:
            whole = f"{name}:{value}" if name and not phrase else value
            query.terms.append(Term(whole, is_phrase=bool(phrase), is_without=bool(without)))
    del query.terms[MAX_TERMS:]
    del query.filters[MAX_TERMS:], query.without[MAX_TERMS:]
    return query
