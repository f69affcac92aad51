"""From text to the words that are indexed and looked for. Pure: the same for both databases."""

from __future__ import annotations

import re
import unicodedata

from makegood.text.language import guess, stems

# Languages whose word forms a search folds. A query is too short to guess its language, so all are tried.
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
MAX_CHARACTERS = 64 * 1024
LONGEST = 64  # letters of a word that count: PostgreSQL refuses a query with a word over two kilobytes
WORD = re.compile(r"\w+")
UNSPACED = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)  # kana and Han are written without blanks


def indexed(text: str, language: str = "") -> tuple[str, str]:
    """The plain words and the stems of a text, each joined by blanks; at most 64 K characters are looked at."""
    cut = text[:MAX_CHARACTERS]
    plain = _plain(cut)
    return plain, stems(cut, language or guess(cut))


def forms(word: str) -> list[str]:
    """The stems a looked-for word may stand under, without doubles."""
    found = (stems(word, language) for language in LANGUAGES)
    return sorted({form for form in found if form and " " not in form})


def spellings(token: str) -> list[str]:
    """A token with ss and with ß: accents are folded in the index, but those two stand there as they were written."""
    return sorted({token, token.replace("ß", "ss"), token.replace("ss", "ß")})


def tokens(text: str) -> list[str]:
    """Lower-case words without accents, pairs of characters where a script has no blanks."""
    return [token[:LONGEST] for word in WORD.findall(fold(text)) for token in _parts(word)]


def fold(text: str) -> str:
    """Lower case, compatibility forms and accents taken away."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _plain(text: str) -> str:
    return " ".join(tokens(text))


def _parts(word: str) -> list[str]:
    if word.isascii() or not UNSPACED.search(word):
        return [word]
    parts: list[str] = []
    end = 0
    for run in UNSPACED.finditer(word):
        if before := word[end : run.start()]:
            parts.append(before)
        run_text, end = run.group(), run.end()
        parts += [run_text[i : i + 2] for i in range(len(run_text) - 1)] or [run_text]
    if rest := word[end:]:
        parts.append(rest)
    return parts
