"""A parsed page as a reader sees it: lines of plain text, with quotes, lists, tables and links written out."""

import re

from selectolax.lexbor import LexborNode

from makegood.text.markup import tag_set

_PARAGRAPHS = tag_set("p blockquote h1 h2 h3 h4 h5 h6 ul ol dl table pre menu dir figure")
_BLOCKS = tag_set(
    "address article aside caption center dd details div dt fieldset figcaption footer header li main nav section"
    " summary tr tbody thead tfoot"
)
_LISTS = tag_set("ul ol menu dir")
_CELLS = frozenset(("td", "th"))
_CELL_GAP = "  "

_HIDES = re.compile(r"display:none|mso-hide:all|visibility:hidden|(?<![\w-])opacity:0(?![.\d])")
_COLLAPSES = re.compile(r"(?<![\w-])(?:max-)?(?:height|width):0(?![.\d])")
_FONT_SIZE = re.compile(r"(?<![\w-])font-size:(0(?:\.0+)?(?![.\d]))?")
_INVISIBLE = str.maketrans(dict.fromkeys("\u200b\u2060\ufeff\u00ad\u034f\x00"))
_SCHEMES = ("http://", "https://", "mailto:", "tel:")

_MOST_LEVELS = 20
"""Quote marks and list indents written; deeper ones look like this one, so that output stays linear."""


def text_of(node: LexborNode | None) -> str:
    """The text inside a node of a page that was `bounded` before it was parsed; the form is that of `html.to_text`."""
    page = _Page()
    current = node.child if node is not None else None
    while current is not None and node is not None:
        if page.enter(current):
            inside = current.child
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
    """Lines of text in the making; told of each node that the walk enters, and when it leaves one that shows."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.space = False
        self.ended = False
        self.gap = False
        self.bullet = ""
        self.rows: list[int] = []
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
            if self.ended:
                self._end_line()
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
        if name == "tr" and self.rows:
            has_one_line = self.rows.pop() == len(self.lines)
            self.gap = self.gap and not has_one_line
        elif name == "li":
            self.bullet = ""
        elif name == "blockquote":
            self._finish_line()
            self.quotes -= 1
        elif name == "pre":
            self.preformatted -= 1

    def finish(self) -> str:
        self._finish_line()
        return "\n".join(self.lines).strip("\n")

    def _open(self, name: str, attributes: dict[str, str | None]) -> None:
        if name in _PARAGRAPHS:
            self._break()
            self.gap = self.gap or not (self._is_row_start() or (self.lists and name in _LISTS))
        elif name in _BLOCKS:
            self._break()
        if name == "blockquote":
            self._finish_line()
            self.quotes += 1
        elif name == "pre":
            self.preformatted += 1
        elif name in _LISTS:
            self.lists.append(_start(attributes) if name == "ol" else None)
        elif name == "li":
            self._item()
        elif name == "tr":
            self._finish_line()
            self._close_gap()
            self.rows.append(len(self.lines))
        elif name in _CELLS and self.line:
            self._cell()
        elif name == "a":
            self.links.append(((attributes.get("href") or "").strip(), []))

    def _is_row_start(self) -> bool:
        return bool(self.rows) and self.rows[-1] == len(self.lines) and not self.line

    def _is_hidden(self, node: LexborNode, attributes: dict[str, str | None]) -> bool:
        if "hidden" in attributes:
            return True
        style = attributes.get("style")
        if not style:
            return False
        style = "".join(style.split()).lower()
        if _HIDES.search(style) or ("overflow:hidden" in style and _COLLAPSES.search(style)):
            return True
        size = _FONT_SIZE.search(style)
        if size:
            self.sizes.append((node.mem_id, size[1] is not None))
        return False

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
        if self.ended:
            self._end_line()
        if not self.line:
            self._begin_line()
        elif self.space and not self.line[-1].endswith(" "):
            self.line.append(" ")
        self.space = False
        self.line.append(words)
        if self.links:
            self.links[-1][1].append(words)

    def _begin_line(self) -> None:
        if self.bullet:
            self.line.append(self.bullet)
            self.bullet = ""
        else:
            self._close_gap()

    def _close_gap(self) -> None:
        if self.gap and self.lines:
            self._add_line("", min(self.quotes, self.last_quotes))
        self.gap = False

    def _break(self) -> None:
        """What comes next is on a line of its own, unless it is the next cell of a row."""
        self.ended = bool(self.line) and self.line[-1] != _CELL_GAP
        self.space = False

    def _finish_line(self) -> None:
        if self.line:
            self._end_line()

    def _end_line(self) -> None:
        self._add_line("".join(self.line), self.quotes)
        self.last_quotes = self.quotes
        self.line = []
        self.space = self.ended = False

    def _cell(self) -> None:
        """Cells of one line each share it; after a longer one, the next stands below."""
        if self.rows and self.rows[-1] == len(self.lines):
            self.line.append(_CELL_GAP)
            self.space = self.ended = self.gap = False
        else:
            self._break()

    def _add_line(self, line: str, quotes: int) -> None:
        line = ("> " * min(quotes, _MOST_LEVELS) + line).rstrip()
        if line.strip("> ") or not self.lines or self.lines[-1].strip("> "):
            self.lines.append(line)

    def _item(self) -> None:
        self._finish_line()
        self._close_gap()
        number = self.lists[-1] if self.lists else None
        indent = "  " * min(max(len(self.lists) - 1, 0), _MOST_LEVELS)
        if number is None:
            self.bullet = f"{indent}- "
        else:
            self.lists[-1] = number + 1
            self.bullet = f"{indent}{number}. "

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
