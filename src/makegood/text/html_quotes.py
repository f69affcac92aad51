"""The new words of an HTML reply, by the marks that mail programs leave around what they quote.

A mark is surer than any wording: it works in every language. What it cuts off is left out; blocks quoted by indent
become "> " lines, between which answers stay; the rest is for the trimmer of plain text.
"""

from selectolax.lexbor import LexborHTMLParser, LexborNode

from makegood.text.markup import bounded
from makegood.text.page import text_of
from makegood.text.quotes import MARKER, reply_of

_FROM_HERE = (
    "#divRplyFwdMsg, #appendonsend, #OLK_SRC_BODY_SECTION, #mail-editor-reference-message-container, #stopSpelling,"
    " #isReplyContent, #isForwardContent, #reply-intro, .OutlookMessageHeader, .ntes-mailmaster-quote"
)
"""The quoted message begins here and goes on to the end of the page."""
_RULED = 'div[style*="border-top"]'
_BLOCKS = ".yahoo_quoted, .protonmail_quote, .tutanota_quote, .zmail_extra, .moz-forward-container, .skiff_quote"
"""Each holds a whole quoted message, its attribution included."""
_ATTRIBUTIONS = ".gmail_attr, .moz-cite-prefix, .zmail_extra_hr"
_QUOTES = 'blockquote[type="cite"], blockquote.gmail_quote, .gmail_quote'
_SIGNATURES = (
    ".gmail_signature, .gmail_signature_prefix, .moz-signature, #Signature, #ms-outlook-mobile-signature,"
    " #AppleMailSignature, .protonmail_signature_block, .tutanota_signature"
)
_HINTS = (
    "rplyfwdmsg", "appendonsend", "olk_src", "editor-reference", "stopspelling", "isreplycontent", "isforwardcontent",
    "reply-intro", "outlookmessageheader", "mailmaster-quote", "border-top", "yahoo_quoted", "protonmail_quote",
    "tutanota_quote", "zmail_extra", "moz-forward", "skiff_quote", "gmail_", "moz-cite", "cite",
    MARKER.strip("— ").lower(),
)  # fmt: skip
"""One of these is in every page that has a mark: the others are not even parsed."""


def reply_of_html(html: str) -> str | None:
    """The words written for this message; None when no mark is found, or nothing stands outside of the quotes."""
    lower = html.lower()
    if not any(hint in lower for hint in _HINTS):
        return None
    body = LexborHTMLParser(bounded(html)).body
    if body is None or not _cut(body):
        return None
    for signature in body.css(_SIGNATURES):
        signature.decompose()
    text = text_of(body)
    return reply_of(text) or None if _has_words(text) else None


def _cut(body: LexborNode) -> bool:
    """Take out what the marks point at; False when there is no mark."""
    found = False
    start = body.css_first(_FROM_HERE) or _ruled_head(body) or _marker(body)
    if start is not None:
        _remove_from(start, body)
        found = True
    for block in _outermost(body.css(_BLOCKS)):
        block.decompose()
        found = True
    for attribution in body.css(_ATTRIBUTIONS):
        found = True
        if _is_followed_by_quote(attribution):
            attribution.decompose()
    return found or body.css_first(_QUOTES) is not None


def _ruled_head(body: LexborNode) -> LexborNode | None:
    """Outlook's line above the head of the message answered: the same style in every language."""
    for node in body.css(_RULED):
        style = "".join((node.attributes.get("style") or "").lower().split())
        if "border:none;" in style and "border-top:solid" in style and "padding:3.0pt0" in style:
            return node
    return None


def _marker(body: LexborNode) -> LexborNode | None:
    words = MARKER.strip("— ")
    for node in body.traverse(include_text=True):
        if node.is_text_node and words in (node.text_content or ""):
            return node
    return None


def _remove_from(start: LexborNode, body: LexborNode) -> None:
    """Take out a node and everything after it in the page."""
    current: LexborNode | None = start
    while current is not None and current.mem_id != body.mem_id:
        while current.next is not None:
            current.next.decompose()
        current = current.parent
    start.decompose()


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Nodes of which none lies inside another, so that each can be taken out."""
    ids = {node.mem_id for node in nodes}
    return [node for node in nodes if not _is_inside(node, ids)]


def _is_inside(node: LexborNode, ids: set[int]) -> bool:
    above = node.parent
    while above is not None:
        if above.mem_id in ids:
            return True
        above = above.parent
    return False


def _is_followed_by_quote(node: LexborNode) -> bool:
    following = node.next
    while following is not None and (following.is_text_node or following.tag == "br"):
        following = following.next
    return following is not None and following.tag == "blockquote"


def _has_words(text: str) -> bool:
    return any(line.strip() and not line.startswith(">") for line in text.split("\n"))
