"""Hostile HTML made harmless to parse: tidy, balanced, shallow and short, in one pass over its tokens.

Both HTML parsers in use follow the standard, and the standard's tree building is quadratic: 50,000 nested `div` take
them 5 to 8 seconds, 20,000 attributes of one tag half a second. What leaves here has at most `MAX_DEPTH` open
elements, known tags and attributes only, every end tag in its place, and nothing that has to be moved out of a table.
"""

import re
from itertools import islice, pairwise

MAX_LENGTH = 5 * 1024 * 1024
"""Characters read; the rest is cut."""
MAX_ELEMENTS = 100_000
"""Elements written; what follows them is cut."""
MAX_DEPTH = 250
"""Elements open at once; deeper tags are left out, their words stay."""
MAX_FORMATTING = 16
"""`b`, `font` and their like open at once: parsers repeat all of them in each new paragraph."""
MAX_ATTRIBUTES = 64
"""Attributes read of one tag: parsers compare each with each."""

MAX_ESCAPED = 1_000
"""`&` and no-break spaces of one text node: nh3 copies what is left of the node for each. Beyond, a comment parts them;
an attribute with more is left out.
"""

_ATTRIBUTE = r"""([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"'][^\s>]*+))?+)?+"""
_ATTRIBUTES = r"""(?:[\s/]++|[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+)*+"""
_TOKEN = re.compile(
    r"<(?:!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|[!?][^>]*+>?"
    r"|/([a-zA-Z][^\s/>]*+)[^>]*+>?"
    r"|/[^>]*+>"
    rf"|([a-zA-Z][^\s/>]*+)({_ATTRIBUTES})>?)",
    re.DOTALL,
)
_attributes = re.compile(_ATTRIBUTE).finditer
_ESCAPED = re.compile("[&\xa0]")
_UP_TO_NEXT_CUT = re.compile(rf"(?:[&\xa0][^&\xa0]*+){{{MAX_ESCAPED}}}(?=[&\xa0])")
_ESCAPED_IN_VALUE = re.compile("[&\xa0<>]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def tag_set(names: str) -> frozenset[str]:
    """Names of tags or attributes, written with blanks between them."""
    return frozenset(names.split())


_FORMATTING = tag_set("a b big code em font i s small strike strong tt u")
_VOID = tag_set("br col hr img wbr")
_ROW_GROUPS = tag_set("tbody tfoot thead")
_CELLS = tag_set("caption td th")
_TABLE_PARTS = _ROW_GROUPS | _CELLS | {"tr", "col", "colgroup"}
_TABLE_INNER = _ROW_GROUPS | {"table", "tr", "colgroup"}
_CLOSES_PARAGRAPH = tag_set(
    "address article aside blockquote center dd details dir div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5"
    " h6 header hr li main menu nav ol p pre section summary table ul"
)
_INLINE = tag_set("abbr acronym bdi bdo cite del dfn ins kbd mark q samp span sub sup time var")
_TAGS = _FORMATTING | _VOID | _TABLE_PARTS | _CLOSES_PARAGRAPH | _INLINE

_TABLE = frozenset({"table"})
_SCOPE = _CELLS | _TABLE
_LISTS = tag_set("ul ol menu dir dl")
_TABLE_LEVELS = 4
_SPACE = " \t\n\r\f"
_REPLACES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "a": (frozenset({"a"}), _SCOPE),
    "li": (frozenset({"li"}), _SCOPE | _LISTS),
    "dd": (frozenset({"dd", "dt"}), _SCOPE | _LISTS),
    "dt": (frozenset({"dd", "dt"}), _SCOPE | _LISTS),
    **dict.fromkeys(("td", "th"), (_CELLS | {"colgroup"}, _TABLE)),
    "tr": (_CELLS | {"tr", "colgroup"}, _TABLE),
    **dict.fromkeys((*_ROW_GROUPS, "caption", "colgroup"), (_TABLE_PARTS, _TABLE)),
    "col": (_TABLE_PARTS - {"colgroup"}, _TABLE),
}
"""For a start tag: which open elements it ends, and the element beyond which it ends none."""

_PARAGRAPH = (frozenset({"p"}), _SCOPE)
_ATTRIBUTES_KEPT = tag_set(
    "align alt bgcolor border cellpadding cellspacing cite class color colspan dir face height hidden href id lang"
    " rowspan size src start style title type valign value width"
)
_DROPPED_WHOLE = tag_set("iframe noembed noframes script style textarea title xmp")
_END_OF = {name: re.compile(rf"</{name}(?=[\s/>])[^>]*+>?", re.IGNORECASE) for name in _DROPPED_WHOLE}


def bounded(html: str, *, link_attributes: str = "") -> str:
    """The same page for the eye, in a form that any HTML parser reads in linear time. Not safe to show by itself.

    `link_attributes` (with a blank before it) is written first into each link, in place of the sender's own.
    """
    tree = _Writer(link_attributes)
    html = without_surrogates(html[:MAX_LENGTH]).replace("\x00", "")
    position = 0
    text: list[str] = []  # what stands between tags that are left out is one text
    while tree.elements < MAX_ELEMENTS:
        token = _TOKEN.search(html, position)
        if token is None:
            text.append(html[position:])
            break
        text.append(html[position : token.start()])
        position = token.end()
        closing, opening, attributes = token.groups()
        name = (closing or opening or "").lower()
        if name in _TAGS:
            tree.text("".join(text))
            text.clear()
            if opening:
                tree.start(name, attributes)
            else:
                tree.end(name)
        elif opening and name in _DROPPED_WHOLE:
            end = _END_OF[name].search(html, position)
            position = end.end() if end else len(html)
    tree.text("".join(text))
    return tree.finish()


def without_surrogates(text: str) -> str:
    """Text that can be encoded: half characters, left by wrong charsets, become U+FFFD."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


class _Writer:
    """Writes balanced tags: a small model of the standard's tree builder, without its quadratic corners."""

    def __init__(self, link_attributes: str) -> None:
        self.link_attributes = link_attributes
        self.out: list[str] = []
        self.open: list[str] = []
        self.elements = 0
        self.escaped = 0
        self.formatting = 0
        self.paragraphs = 0

    def text(self, text: str) -> None:
        if self.out and self.out[-1].startswith("<pre"):
            text = text.lstrip("\r\n")
        if not text:
            return
        if self.open and self.open[-1] in _TABLE_INNER and text.strip(_SPACE):
            self._open_cell()
        self.out.append(self._parted(text.replace("<", "&lt;") if "<" in text else text))

    def _parted(self, text: str) -> str:
        """With an empty comment before every 1,000th letter of the page that is written as a reference."""
        count = text.count("&") + text.count("\xa0")
        first = MAX_ESCAPED - 1 - self.escaped % MAX_ESCAPED
        self.escaped += count
        if count <= first:
            return text
        start = next(islice(_ESCAPED.finditer(text), first, None)).start()
        cuts = [start, *(match.end() for match in _UP_TO_NEXT_CUT.finditer(text, start))]
        return "<!---->".join(text[start:end] for start, end in pairwise([0, *cuts, len(text)]))

    def start(self, name: str, attributes: str) -> None:
        if self.paragraphs and name in _CLOSES_PARAGRAPH:
            self._close_to(*_PARAGRAPH)
        if name in _REPLACES:
            self._close_to(*_REPLACES[name])
        is_in_table = bool(self.open) and self.open[-1] in _TABLE_INNER
        if name in _TABLE_PARTS:
            if not is_in_table:
                return
            self._open_above(name)
        elif is_in_table:
            self._open_cell()
        if name in _VOID:
            self.elements += 1
            self.out.append(f"<{name}{_kept(attributes)}>")
        elif self._has_room(name):
            self._push(name, self.link_attributes + _kept(attributes) if name == "a" else _kept(attributes))

    def end(self, name: str) -> None:
        if name == "br":
            self.out.append("<br>")
        else:
            barriers = _TABLE if name in _TABLE_PARTS or name == "table" else _SCOPE
            for index in range(len(self.open) - 1, -1, -1):
                if self.open[index] == name:
                    self._close_from(index)
                    return
                if self.open[index] in barriers:
                    return

    def finish(self) -> str:
        self._close_from(0)
        return "".join(self.out)

    def _has_room(self, name: str) -> bool:
        if name in _TABLE_PARTS:
            return True
        if name in _FORMATTING and self.formatting >= MAX_FORMATTING:
            return False
        return len(self.open) + (_TABLE_LEVELS if name == "table" else 1) <= MAX_DEPTH

    def _open_cell(self) -> None:
        """Words straight in a table stand before it on screen; here they get a cell, which costs no moving."""
        if self.open[-1] == "colgroup":
            self._close_from(len(self.open) - 1)
        self._open_above("td")
        self._push("td", "")

    def _open_above(self, name: str) -> None:
        """Open what a part of a table must stand in, as every parser does."""
        if name == "col" and self.open[-1] == "table":
            self._push("colgroup", "")
        if name in ("tr", "td", "th") and self.open[-1] == "table":
            self._push("tbody", "")
        if name in ("td", "th") and self.open[-1] != "tr":
            self._push("tr", "")

    def _push(self, name: str, attributes: str) -> None:
        self.elements += 1
        self.open.append(name)
        self.formatting += name in _FORMATTING
        self.paragraphs += name == "p"
        self.out.append(f"<{name}{attributes}>")

    def _close_to(self, names: frozenset[str], barriers: frozenset[str]) -> None:
        """Close up to the outermost element in `names` which no barrier hides; nothing if there is none."""
        found = len(self.open)
        for index in range(len(self.open) - 1, -1, -1):
            name = self.open[index]
            if name in names:
                found = index
            if name in barriers:
                break
        self._close_from(found)

    def _close_from(self, index: int) -> None:
        for name in reversed(self.open[index:]):
            self.formatting -= name in _FORMATTING
            self.paragraphs -= name == "p"
            self.out.append(f"</{name}>")
        del self.open[index:]


def _kept(attributes: str) -> str:
    if not attributes or attributes.isspace():
        return ""
    seen: set[str] = set()
    kept = []
    for match in islice(_attributes(attributes), MAX_ATTRIBUTES):
        name, double, single, bare = match.groups()
        name = name.lower()
        if name in _ATTRIBUTES_KEPT and name not in seen:
            seen.add(name)
            value = (double or single or bare or "").replace('"', "&quot;")
            if len(value) <= MAX_ESCAPED or len(_ESCAPED_IN_VALUE.findall(value)) <= MAX_ESCAPED:
                kept.append(f' {name}="{value}"')
    return "".join(kept)
