"""Header text: encoded words (RFC 2047) and parameters (RFC 2231) as senders really write them.

Whatever comes out is one line without control characters, so that no decoded value can break a header of ours.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from makegood.text import charsets
from makegood.text.unseen import without_unseen

MAX_TEXT = 2000  # letters of a subject or name; no person writes more
_MAX_PARAMETERS = 200

_WORD_START = re.compile(rb"=\?([^?=\s]{0,60})\?([bBqQ])\?")
_Q_END = re.compile(rb"\?=(?![0-9A-Fa-f]{2})")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s_?-]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_PARAMETER = re.compile(r';?\s{0,50}([^\s=;"]{1,100})\s{0,50}=\s{0,50}("(?:[^"\\]|\\.)*"|[^;]*)', re.S)
_QUOTED_PAIR = re.compile(r"\\(.)", re.S)
_SECTION = re.compile(r"([^*]+)\*(\d{1,3})?(\*)?")


@dataclass(slots=True)
class _Word:
    charset: str
    encoding: str
    raw: bytes


def text(value: bytes, charset: str = "") -> str:
    """A header value for people: encoded words decoded, raw 8-bit bytes read as UTF-8 or as `charset`."""
    if b"=?" not in value:
        return one_line(_unencoded(value, charset))
    out: list[str] = []
    run: list[_Word] = []
    for piece in _pieces(value):
        if isinstance(piece, _Word):
            run.append(piece)
        elif not run or piece.strip():  # white space between two words is not text (RFC 2047, section 6.2)
            out.extend((_joined(run, charset), _unencoded(piece, charset)))
            run = []
    out.append(_joined(run, charset))
    return one_line("".join(out))


def one_line(text: str) -> str:
    """Without control characters, letters that nobody sees, lone surrogates and line ends; at most 2,000 letters."""
    return without_unseen(_CONTROLS.sub(_space_or_nothing, text[: 4 * MAX_TEXT])).strip()[:MAX_TEXT]


def _space_or_nothing(match: re.Match[str]) -> str:
    return " " if any(c in "\t\r\n\x0b\x0c\x85\u2028\u2029" for c in match.group()) else ""


def parameters(value: bytes, charset: str = "") -> tuple[str, dict[str, str]]:
    """A structured value such as Content-Type: its first word in lower case, and its parameters, decoded."""
    scanned = value.decode("latin-1")  # one letter for each byte; values are decoded as bytes below
    first, _, rest = scanned.partition(";")
    if "=" in first and "/" not in first:  # the value itself is missing: the parameters come first
        first, rest = "", scanned
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, match in enumerate(_PARAMETER.finditer(rest)):
        if count >= _MAX_PARAMETERS:
            break
        name, found = match.group(1).lower(), _unquoted(match.group(2))
        section = _SECTION.fullmatch(name)
        if section:
            number = int(section.group(2) or 0)
            encoded = bool(section.group(3)) or section.group(2) is None
            sections.setdefault(section.group(1), {}).setdefault(number, (found, encoded))
        else:
            plain.setdefault(name, found)
    decoded = {name: text(found.encode("latin-1"), charset) for name, found in plain.items()}
    decoded.update({name: _continued(parts, charset) for name, parts in sections.items()})
    return one_line(first).split(" ")[0].strip("\"'").lower(), decoded


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return _QUOTED_PAIR.sub(_kept_backslash, value[1:-1])
    return value.strip("\"'") if value[:1] in "\"'" else value


def _kept_backslash(match: re.Match[str]) -> str:
    """Only quotes and backslashes were escaped; a lone backslash belongs to a path (`C:\\letters\\a.txt`)."""
    return match.group(1) if match.group(1) in '"\\' else match.group()


def _continued(parts: dict[int, tuple[str, bool]], charset: str) -> str:
    """RFC 2231 sections joined: encoded ones are percent-decoded, plain ones taken as they stand."""
    label = ""
    joined = bytearray()
    any_encoded = False
    for number in sorted(parts):
        value, encoded = parts[number]
        if number == min(parts) and encoded and value.count("'") >= 2:
            label, _language, value = value.split("'", 2)
        any_encoded = any_encoded or encoded
        raw = value.encode("latin-1")
        joined += unquote_to_bytes(raw) if encoded else raw
    if not any_encoded or (b"=?" in joined and b"?=" in joined):
        return text(bytes(joined), charset)
    return one_line(charsets.decode(bytes(joined), label, hint=charset).text)


def _pieces(value: bytes) -> list[_Word | bytes]:
    pieces: list[_Word | bytes] = []
    at = 0
    while True:
        start = _WORD_START.search(value, at)
        end = _end_of_word(value, start) if start else -1
        if start is None or end < 0:
            pieces.append(value[at:])
            return pieces
        if start.start() > at:
            pieces.append(value[at : start.start()])
        label = start.group(1).partition(b"*")[0].decode("ascii", "replace")
        pieces.append(_Word(label.lower(), start.group(2).decode("ascii").lower(), value[start.end() : end]))
        at = end + 2


def _end_of_word(value: bytes, start: re.Match[bytes]) -> int:
    """Where `?=` closes the word; in Q a question mark before `=XX` is a letter that was not encoded."""
    if start.group(2) in b"qQ":
        found = _Q_END.search(value, start.end())
        following = value.find(b"=?", start.end())
        if found and (following < 0 or found.start() < following or value[following - 1 : following] == b"?"):
            return found.start()
    return value.find(b"?=", start.end())


def _joined(run: list[_Word], charset: str) -> str:
    """A run of words; neighbours of one charset are joined as bytes, since some split a letter between two words."""
    out: list[str] = []
    at = 0
    while at < len(run):
        to = at + 1
        while to < len(run) and run[to].charset == run[at].charset:
            to += 1
        out.append(_decoded(run[at:to], charset))
        at = to
    return "".join(out)


def _decoded(words: list[_Word], charset: str) -> str:
    content = b""
    try:
        content = _base64_across(words) if _is_split(words) else b"".join(_word_bytes(word) for word in words)
    except binascii.Error:
        return "".join(f"=?{w.charset}?{w.encoding}?{w.raw.decode('latin-1')}?=" for w in words)
    return charsets.decode(content, words[0].charset, hint=charset).text


def _is_split(words: list[_Word]) -> bool:
    """Was one base64 text cut into words without regard to its groups of four?"""
    return all(w.encoding == "b" for w in words) and any(len(w.raw) % 4 and b"=" not in w.raw for w in words[:-1])


def _base64_across(words: list[_Word]) -> bytes:
    return _base64(b"".join(w.raw for w in words))


def _word_bytes(word: _Word) -> bytes:
    if word.encoding == "b":
        return _base64(word.raw)
    return binascii.a2b_qp(word.raw, header=True)


def _base64(raw: bytes) -> bytes:
    if _NOT_BASE64.search(raw):
        raise binascii.Error("letters that base64 does not have")
    digits = raw.translate(None, b" \t\r\n?=").replace(b"-", b"+").replace(b"_", b"/")
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))


def _unencoded(value: bytes, charset: str) -> str:
    return value.decode("ascii") if value.isascii() else charsets.decode(value, hint=charset).text
