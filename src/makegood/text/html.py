"""Plain text from a sender's HTML, and safe HTML from plain text."""

import re
from html import escape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from makegood.text.markup import bounded, tag_set

_PARAGRAPHS = tag_set("p blockquote h1 h2 h3 h4 h5 h6 ul ol dl table pre menu dir figure")
_BLOCKS = tag_set(
    "address article aside caption center dd details div dt fieldset figcaption footer header li main nav section"
    " summary tr tbody thead tfoot"
)
_LISTS = tag_set("ul ol menu dir")
_CELLS = frozenset(("td", "th"))

_HIDES = re.compile(r"display:none|mso-hide:all|visibility:hidden|(?<![\w-])opacity:0(?![.\d])")
_COLLAPSES = re.compile(r"(?<![\w-])(?:max-)?(?:height|width):0(?![.\d])")
_FONT_SIZE = re.compile(r"(?<![\w-])font-size:(0(?:\.0+)?(?![.\d]))?")
_INVISIBLE = str.maketrans(dict.fromkeys("\u200b\u2060\ufeff\u00ad\u034f\x00"))
_SCHEMES = ("http://", "https://", "mailto:", "tel:")
_LINK = re.compile(r"(?<!\w)(?:https?://|www\.)[^\s<>\"]++|(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++", re.IGNORECASE)
_LINK_END = ".,;:!?'*_]}…"

_MOST_LEVELS = 20
"""Quote marks and list indents written; deeper ones look like this one, so that output stays linear."""


def to_text(html: str) -> str:
    """What a reader of the page would see: one block a line, a blank line between paragraphs.

    Quotes carry a "> " for each level, a link its address in angle brackets when its words do not show it.
    """
    return text_of(LexborHTMLParser(bounded(html)).body)


def text_of(node: LexborNode | None) -> str:
    """Like `to_text`, for what is inside a node of a parsed (and bounded) page."""
    page = _Page()
    current = node.child if node is not None else None
    while current is not None and node is not None:
        inside = current.child if page.enter(current) else None
        if inside is not None:
            current = inside
            continue
        page.leave(current)
        while current.next is None:
            above = current.parent
            if above is None or above.mem_id == node.mem_id:
                return page.finish()
            current = above
            page.leave(current)
        current = current.next
    return page.finish()


class _Page:
    """Lines of text in the making; told of each node when the walk enters and leaves it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.space = False
        self.gap = False
        self.quotes = 0
        self.last_quotes = 0
        self.lists: list[int | None] = []
        self.preformatted = 0
        self.links: list[tuple[str, list[str]]] = []
        self.sizes: list[tuple[int, bool]] = []

    def enter(self, node: LexborNode) -> bool:
        """Take note of a node; False when what is inside it does not show."""
        name = node.tag
        if node.is_text_node:
            self._text(node.text_content or "")
        elif name == "br":
            self._end_line()
        elif name == "img":
            self._image(node)
        elif name == "hr":
            self._break()
            self._words("---")
            self._break()
        elif node.is_comment_node:
            return False
        else:
            attributes = node.attributes
            if attributes and self._is_hidden(node, attributes):
                return False
            self._open(name or "", attributes)
            return True
        return False

    def leave(self, node: LexborNode) -> None:
        name = node.tag or ""
        if self.sizes and self.sizes[-1][0] == node.mem_id:
            self.sizes.pop()
        if name == "a" and self.links:
            self._end_link()
        if name in _LISTS and self.lists:
            self.lists.pop()
        if name in _PARAGRAPHS:
            self._break()
            self.gap = not self.lists or name not in _LISTS
        elif name in _BLOCKS:
            self._break()
        if name == "blockquote":
            self.quotes -= 1
        elif name == "pre":
            self.preformatted -= 1

    def finish(self) -> str:
        self._break()
        return "\n".join(self.lines).strip("\n")

    def _open(self, name: str, attributes: dict[str, str | None]) -> None:
        if name in _PARAGRAPHS:
            self._break()
            self.gap = self.gap or not self.lists or name not in _LISTS
        elif name in _BLOCKS:
            self._break()
        if name == "blockquote":
            self.quotes += 1
        elif name == "pre":
            self.preformatted += 1
        elif name in _LISTS:
            self.lists.append(_start(attributes) if name == "ol" else None)
        elif name == "li":
            self._item()
        elif name in _CELLS and self.line:
            self.line.append("  ")
            self.space = False
        elif name == "a":
            self.links.append(((attributes.get("href") or "").strip(), []))

    def _is_hidden(self, node: LexborNode, attributes: dict[str, str | None]) -> bool:
        if "hidden" in attributes:
            return True
        style = attributes.get("style")
        if not style:
            return False
        style = "".join(style.split()).lower()
        size = _FONT_SIZE.search(style)
        if size:
            self.sizes.append((node.mem_id, size[1] is not None))
        return bool(_HIDES.search(style) or ("overflow:hidden" in style and _COLLAPSES.search(style)))

    def _text(self, text: str) -> None:
        if self.sizes and self.sizes[-1][1]:
            return
        text = text.translate(_INVISIBLE)
        if self.preformatted:
            first, *rest = text.splitlines() or [""]
            self._words(first.expandtabs())
            for line in rest:
                self._end_line()
                self._words(line.expandtabs())
            if text.endswith("\n"):
                self._break()
            return
        words = text.split()
        if not words:
            self.space = self.space or bool(text)
            return
        self.space = self.space or text[0].isspace()
        self._words(" ".join(words))
        self.space = text[-1].isspace()

    def _words(self, words: str) -> None:
        if not words:
            return
        if not self.line:
            self._close_gap()
        elif self.space and not self.line[-1].endswith(" "):
            self.line.append(" ")
        self.space = False
        self.line.append(words)
        if self.links:
            self.links[-1][1].append(words)

    def _close_gap(self) -> None:
        if self.gap and self.lines:
            self._add_line("", min(self.quotes, self.last_quotes))
        self.gap = False

    def _break(self) -> None:
        """End the line, if there is one."""
        if self.line:
            self._end_line()
        self.space = False

    def _end_line(self) -> None:
        self._add_line("".join(self.line), self.quotes)
        self.last_quotes = self.quotes
        self.line = []
        self.space = False

    def _add_line(self, line: str, quotes: int) -> None:
        line = ("> " * min(quotes, _MOST_LEVELS) + line).rstrip()
        if line.strip("> ") or not self.lines or self.lines[-1].strip("> "):
            self.lines.append(line)

    def _item(self) -> None:
        self._close_gap()
        number = self.lists[-1] if self.lists else None
        indent = "  " * min(max(len(self.lists) - 1, 0), _MOST_LEVELS)
        if number is None:
            self.line.append(f"{indent}- ")
        else:
            self.lists[-1] = number + 1
            self.line.append(f"{indent}{number}. ")

    def _image(self, node: LexborNode) -> None:
        alt = " ".join((node.attributes.get("alt") or "").split())
        if alt and not (self.sizes and self.sizes[-1][1]):
            self._words(f"[{alt}]" if any(map(str.isalnum, alt)) else alt)

    def _end_link(self) -> None:
        address, words = self.links.pop()
        shown = "".join(words)
        if self.links:
            self.links[-1][1].append(shown)
        if shown and self.line and address.lower().startswith(_SCHEMES) and _bare(address) != _bare(shown):
            self.line.append(f" <{address}>")


def _start(attributes: dict[str, str | None]) -> int:
    """The number of a list's first item."""
    start = attributes.get("start") or ""
    return int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 1


def _bare(address: str) -> str:
    """An address without what people leave out when they write it down."""
    address = "".join(address.split()).lower()
    for prefix in (*_SCHEMES, "www."):
        address = address.removeprefix(prefix)
    return address.rstrip("/")


def from_text(text: str) -> str:
    """Paragraphs, line breaks and links for plain text; everything else escaped, so it may be shown as it is."""
    paragraphs: list[list[str]] = [[]]
    for line in text.replace("\x00", "").splitlines():
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
