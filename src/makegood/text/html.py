"""Plain text from a sender's HTML, and safe HTML from plain text."""

import re
from html import escape

from selectolax.lexbor import LexborHTMLParser

from makegood.text.markup import bounded, without_surrogates
from makegood.text.page import text_of

_LINK = re.compile(r"(?<!\w)(?:https?://|www\.)[^\s<>\"]++|(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++", re.IGNORECASE)
_LINK_END = ".,;:!?'*_]}…"


def to_text(html: str) -> str:
    """What a reader of the page would see: one block a line, a blank line between paragraphs.

    Quotes carry a "> " for each level, a link its address in angle brackets when its words do not show it.
    """
    return text_of(LexborHTMLParser(bounded(html)).body)


def from_text(text: str) -> str:
    """Paragraphs, line breaks and links for plain text; everything else escaped, so it may be shown as it is."""
    paragraphs: list[list[str]] = [[]]
    for line in without_surrogates(text).replace("\x00", "").splitlines():
        if line.strip():
            paragraphs[-1].append(_linked(line))
        elif paragraphs[-1]:
            paragraphs.append([])
    return "\n".join(f"<p>{'<br>'.join(lines)}</p>" for lines in paragraphs if lines)


def _linked(line: str) -> str:
    """One line, escaped, its web and mail addresses as links."""
    out: list[str] = []
    position = 0
    for match in _LINK.finditer(line):
        shown = match[0].rstrip(_LINK_END)
        shown = _without_outer_brackets(shown)
        out.append(escape(line[position : match.start()]))
        position = match.start() + len(shown)
        out.append(f'<a href="{escape(_address(shown))}" rel="noopener noreferrer nofollow" target="_blank">')
        out.append(f"{escape(shown)}</a>")
    out.append(escape(line[position:]))
    return "".join(out)


def _without_outer_brackets(shown: str) -> str:
    """An address in brackets without the closing ones which it does not open itself."""
    extra = shown.count(")") - shown.count("(")
    trailing = len(shown) - len(shown.rstrip(")"))
    cut = max(0, min(extra, trailing))
    return shown[: len(shown) - cut].rstrip(_LINK_END) if cut else shown


def _address(shown: str) -> str:
    lower = shown.lower()
    if lower.startswith(("http://", "https://")):
        return shown
    return f"https://{shown}" if lower.startswith("www.") else f"mailto:{shown}"
