"""The one sanitiser: what of a sender's HTML may be shown, as a list of what is allowed. Nothing edits its output.

Only links lead elsewhere, and only on a click; no image, style or attribute that is left can load anything from there.
"""

import re
from collections.abc import Callable

import nh3
from selectolax.lexbor import LexborHTMLParser

from makegood.text.markup import bounded, tag_set
from makegood.text.styles import PROPERTIES, PROPERTIES_WITHOUT_LOOK, safe_style

Address = Callable[[str], str | None]

VERSION = 2
"""Raised when the rules change: stored display forms of an older version are made again from the raw message."""

_INLINE = tag_set(
    "a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup"
    " time tt u var wbr br img"
)
_BLOCKS = tag_set(
    "address article aside blockquote caption center col colgroup dd details div dl dt figcaption figure footer h1 h2"
    " h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
)
_CELL = tag_set("align valign width height bgcolor colspan rowspan")
_LINK = {"target": "_blank", "rel": "noopener noreferrer nofollow"}
_LINK_ATTRIBUTES = "".join(f' {name}="{value}"' for name, value in _LINK.items())
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"style", "dir", "lang", "title"},
    "a": {"href", *_LINK},
    "img": {"src", "alt", "width", "height", "border"},
    "font": {"color", "size", "face"},
    "ol": {"start", "type"},
    "ul": {"type"},
    "li": {"value"},
    "table": {"align", "width", "height", "bgcolor", "border", "cellpadding", "cellspacing"},
    **{name: set(_CELL) for name in ("td", "th")},
    **{name: {"align", "valign", "bgcolor"} for name in ("tr", "tbody", "thead", "tfoot")},
    **{name: {"width", "span"} for name in ("col", "colgroup")},
    **{name: {"align"} for name in ("div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "center", "caption", "hr")},
}
_VALUES = {
    "align": r"(?i:left|right|center|justify|middle|top|bottom)",
    "valign": r"(?i:top|middle|bottom|baseline)",
    "dir": r"(?i:ltr|rtl|auto)",
    "lang": r"[A-Za-z0-9-]{1,35}",
    "width": r"\d{1,4}%?",
    "height": r"\d{1,4}%?",
    "border": r"\d{1,2}",
    "cellpadding": r"\d{1,3}",
    "cellspacing": r"\d{1,3}",
    "colspan": r"\d{1,3}",
    "rowspan": r"\d{1,3}",
    "span": r"\d{1,3}",
    "start": r"-?\d{1,6}",
    "value": r"-?\d{1,6}",
    "type": r"[1aAiI]|(?i:disc|circle|square)",
    "size": r"[+-]?\d",
    "color": r"#?\w{1,30}",
    "bgcolor": r"#?\w{1,30}",
    "face": r"[\w ,-]{1,200}",
}
_is_allowed = {name: re.compile(pattern, re.ASCII).fullmatch for name, pattern in _VALUES.items()}
_HREF = re.compile(r"(?:https?|mailto|tel):[^\s]", re.IGNORECASE)
_REMOTE = ("http://", "https://", "//")
_LOOKS = tag_set("style color bgcolor face size align valign width height border cellpadding cellspacing")

_PLAIN_TAGS = tag_set(
    "html head body a abbr b bdi bdo blockquote br cite code dd del dfn div dl dt em hr i img ins kbd li ol p pre q s"
    " samp small span strike strong sub sup tt u ul var wbr"
)
_PLAIN_ATTRIBUTES = tag_set("alt border dir height href lang rel src start style target title type value width")


def sanitise(html: str, *, image_address: Address | None = None, remote_address: Address | None = None) -> str:
    """The safe form of a sender's HTML, well-formed, for a frame of its own.

    Images show by cid only: `image_address` maps the bare cid to an address of ours, or None when there is no such
    part; without it the `cid:` stays, which loads nothing. `remote_address` does the same for an image on another
    host, whose address it is given. Every other image keeps its `alt` alone.
    """
    return _cleaned(html, _Filter(image_address, remote_address))


def unstyled(html: str, *, image_address: Address | None = None) -> str:
    """Like `sanitise`, without anything that sets a look: to be shown in our own classes, when it `is_plain`."""
    return _cleaned(html, _Filter(image_address, looks=False))


def is_plain(html: str) -> bool:
    """Whether sanitised HTML is a letter rather than a layout: words, lists, quotes; no tables, colours or fonts."""
    body = LexborHTMLParser(html).body
    if body is None:
        return True
    for node in body.traverse():
        if node.tag not in _PLAIN_TAGS:
            return False
        attributes = node.attributes
        if node.tag == "img" and not attributes.get("src"):
            return False
        if not attributes:
            continue
        if not _PLAIN_ATTRIBUTES.issuperset(attributes):
            return False
        style = attributes.get("style") or ""
        if any(part.partition(":")[0] not in PROPERTIES_WITHOUT_LOOK for part in style.split(";") if part):
            return False
    return True


class _Filter:
    """What nh3 asks about each attribute that its own list lets through."""

    def __init__(
        self, image_address: Address | None, remote_address: Address | None = None, *, looks: bool = True
    ) -> None:
        self.image_address = image_address
        self.remote_address = remote_address
        self.looks = looks

    def __call__(self, tag: str, name: str, value: str) -> str | None:
        if not self.looks and name in _LOOKS and not (tag == "img" and name in ("width", "height")):
            return None
        if name == "style":
            return safe_style(value) or None
        if name == "href":
            value = value.strip()
            return value if _HREF.match(value) else None
        if name == "src":
            return self._image(value.strip())
        allowed = _is_allowed.get(name)
        return value if allowed is None or allowed(value) else None

    def _image(self, source: str) -> str | None:
        if source.lower().startswith(_REMOTE):
            return self.remote_address(source) if self.remote_address else None
        if source[:4].lower() != "cid:" or any(map(str.isspace, source)):
            return None
        return source if self.image_address is None else self.image_address(source[4:])


def _cleaned(html: str, attribute_filter: Callable[[str, str, str], str | None]) -> str:
    """What nh3 leaves. It puts the last attribute in the place of one that the filter takes away, and adds those it
    sets at the end: those of links are there before, so that cleaning again changes nothing.
    """
    return nh3.clean(
        bounded(html, link_attributes=_LINK_ATTRIBUTES),
        tags=set(_INLINE | _BLOCKS),
        attributes=_ATTRIBUTES,
        attribute_filter=attribute_filter,
        filter_style_properties=set(PROPERTIES),
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        url_relative="pass_through",
        link_rel=None,
        set_tag_attribute_values={"a": _LINK},
    )
