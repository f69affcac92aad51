"""What a message says: text and HTML chosen from its parts, in their order, and which parts are files."""

from __future__ import annotations

import html as html_entities
import itertools
import re
from dataclasses import dataclass, field

from makegood.channels.email.parsing import encoded_files, invitations, transfer
from makegood.channels.email.parsing.encoded_files import EncodedFile
from makegood.channels.email.parsing.structure import Part
from makegood.text import charsets
from makegood.text.html import to_text
from makegood.text.marking import gettext_noop
from makegood.text.markup import bounded

MAX_TEXT = 1024 * 1024
MAX_HTML = 5 * 1024 * 1024
_LARGE_HTML = 128 * 1024
_MAX_TAGS = 50_000

TEXT_CUT = gettext_noop("The text of this message is longer than 1 MB; only its beginning is shown.")
HTML_CUT = gettext_noop("The formatted text of this message is too long; only its beginning is shown.")
GUESSED = gettext_noop("The character set of this message was missing or wrong; it was guessed.")
ENCRYPTED = gettext_noop("This message is encrypted; Makegood does not decrypt it. The original is attached.")

_READABLE = ("text/plain", "text/html", "text/enriched", "text/richtext")
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
_MACHINE_TYPES = ("message/delivery-status", "message/global-delivery-status", "message/disposition-notification",
                  "message/feedback-report")  # fmt: skip
_ENCRYPTED_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")
_STUB = re.compile(
    r"(?:e-?mail|mail|message|browser|html|nachricht|programm)[^.\n]{0,80}"
    r"(?:html|not support|does not|cannot|unable|nicht|ne (?:supporte|prend)|no (?:soporta|admite)|non supporta)",
    re.I,
)
_TAG = re.compile(r"<[a-z/!][^<>]{0,4000}>", re.I)
_MARKUP = re.compile(r"<[^<>]{0,200}>")
_SIGNED_ARMOR = re.compile(r"\A\s{0,9}-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z]{1,20}: [^\n]{0,200}\n){0,9}\n")


@dataclass(slots=True)
class Piece:
    """A stretch of the body: text, HTML of the same content, or an image that stands between texts."""

    text: str = ""
    html: str = ""
    image: Part | None = None


@dataclass(slots=True)
class Body:
    """All pieces in their order, the parts that are files, and files that were written into the text."""

    pieces: list[Piece] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)
    encoded_files: list[EncodedFile] = field(default_factory=list)
    encrypted: bool = False
    problems: list[str] = field(default_factory=list)

    def note(self, problem: str) -> None:
        if problem and problem not in self.problems:
            self.problems.append(problem)

    def has_words(self) -> bool:
        return any(piece.text.strip() or piece.html.strip() for piece in self.pieces)


def read(root: Part) -> Body:
    """The body of a message. Parts inside an attached mail are not looked at."""
    body = Body()
    _visit(root, body, alone=True)
    if not body.has_words():
        _take_first_named_text(body)
    return body


def text_of(body: Body) -> str:
    """The whole readable text; HTML speaks where the plain text is missing or a stub."""
    texts = [_piece_text(piece) for piece in body.pieces]
    return _cut("\n\n".join(text for text in texts if text), MAX_TEXT, TEXT_CUT, body)


def html_of(body: Body, image_ids: dict[int, str]) -> str:
    """The HTML of all pieces, not yet sanitised; empty when the message is plain text and nothing more.

    `image_ids` gives the content id of the images that stand between texts, by the `id()` of their part.
    """
    pieces = _up_to_the_last_words(body.pieces)
    if not any(piece.html or piece.image for piece in pieces):
        return ""
    written = "".join(piece.html for piece in pieces)
    between = {key: cid for key, cid in image_ids.items() if f"cid:{cid}" not in written}
    html = _cut("\n".join(_piece_html(piece, between) for piece in pieces), MAX_HTML, HTML_CUT, body)
    return _short_in_words(html, body)


def _short_in_words(html: str, body: Body) -> str:
    """Large HTML in its bounded form, with at most 1 MiB of words: parsers are quadratic in one stretch of text."""
    if len(html) <= _LARGE_HTML:
        return html
    tag_after_last = next(itertools.islice(_TAG.finditer(html), _MAX_TAGS, None), None)
    html = bounded(html[: tag_after_last.start()] if tag_after_last else html)
    words_left, end = MAX_TEXT, 0
    for tag in _TAG.finditer(html):
        if tag.start() - end > words_left:
            break
        words_left -= tag.start() - end
        end = tag.end()
    if len(html) - end <= words_left:
        return html
    body.note(HTML_CUT)
    return html[: end + words_left]


def _visit(part: Part, body: Body, *, alone: bool = False, related: bool = False) -> None:
    kind = part.content_type
    if kind == "multipart/alternative" and part.children:
        _visit_alternative(part, body)
    elif kind == "multipart/encrypted":
        _visit_encrypted(part, body)
    elif part.children:
        for child in part.children:
            _visit(child, body, related=related or kind == "multipart/related")
    elif kind in _MACHINE_TYPES or kind in _SIGNATURES:
        return
    elif kind in _ENCRYPTED_TYPES:
        _visit_encrypted(part, body)
    elif kind == "text/calendar" and alone:
        body.pieces.append(Piece(text=invitations.summary(_read_text(part, body, MAX_TEXT))))
        body.files.append(part)
    elif _is_body(part, alone=alone) or kind.startswith("multipart/"):
        _visit_text(part, body)
    elif kind != "text/x-amp-html":
        body.files.append(part)
        if part.maintype == "image" and part.disposition != "attachment" and not related:
            body.pieces.append(Piece(image=part))


def _is_body(part: Part, *, alone: bool) -> bool:
    if part.content_type not in _READABLE:
        return False
    named = "filename" in part.disposition_params or "name" in part.type_params
    return not named and (part.disposition != "attachment" or alone)


def _visit_alternative(part: Part, body: Body) -> None:
    """One content in several forms: plain words from one, HTML from the richest, files from all."""
    inner = Body()
    for child in part.children:
        _visit(child, inner)
    words = [piece for piece in inner.pieces if piece.text and not piece.html]
    rich = [piece for piece in inner.pieces if piece.html]
    if words or rich:
        text = "\n\n".join(piece.text for piece in words)
        body.pieces.append(Piece(text=text, html="\n".join(piece.html for piece in rich)))
    body.files.extend(inner.files)
    body.encoded_files.extend(inner.encoded_files)
    body.encrypted = body.encrypted or inner.encrypted
    for problem in inner.problems:
        body.note(problem)


def _visit_encrypted(part: Part, body: Body) -> None:
    opaque = part.type_params.get("smime-type", "").lower() in ("signed-data", "certs-only")
    body.encrypted = body.encrypted or not opaque
    body.note(ENCRYPTED)
    if part.children:
        body.files.extend(child for child in part.children if child.content_type != "application/pgp-encrypted")
    elif part.content_type != "application/pgp-encrypted":
        body.files.append(part)


def _visit_text(part: Part, body: Body) -> None:
    is_html = part.content_type == "text/html"
    if not is_html:
        text = _without_encoded_files(part, body)
        body.pieces.append(Piece(text=_plain(part, text, body)))
        return
    body.pieces.append(Piece(html=_short_in_words(_read_text(part, body, MAX_HTML), body)))


def _plain(part: Part, text: str, body: Body) -> str:
    if part.content_type in ("text/enriched", "text/richtext"):
        return html_entities.unescape(_MARKUP.sub("", text.replace("<<", "<lt>")))
    if "-----BEGIN PGP MESSAGE-----" in text:
        body.encrypted = True
        body.note(ENCRYPTED)
    signed = _SIGNED_ARMOR.match(text)
    if signed:
        text = text[signed.end() :].partition("\n-----BEGIN PGP SIGNATURE-----")[0]
        text = re.sub(r"^- (?=-)", "", text, flags=re.M)
    return text


def _without_encoded_files(part: Part, body: Body) -> str:
    limit = None if encoded_files.may_be_in(part.content, part.start, part.end) else MAX_TEXT
    content, problem = transfer.decoded(part, limit)
    body.note(problem)
    if limit is None:
        content, found = encoded_files.extract(content)
        body.encoded_files.extend(found)
    return _to_text(part, content, body, MAX_TEXT)


def _read_text(part: Part, body: Body, limit: int) -> str:
    content, problem = transfer.decoded(part, limit)
    body.note(problem)
    return _to_text(part, content, body, limit)


def _to_text(part: Part, content: bytes, body: Body, limit: int) -> str:
    if len(content) > limit:
        content = content[:limit]
        body.note(HTML_CUT if limit == MAX_HTML else TEXT_CUT)
    found = charsets.decode(content, part.charset, html=part.content_type == "text/html")
    if found.guessed:
        body.note(GUESSED)
    if not part.fields.charset:
        part.fields.charset = found.charset
    return found.text.replace("\r\n", "\n").replace("\r", "\n")


def _take_first_named_text(body: Body) -> None:
    """Some senders give even the text itself a file name; then the first such file is the body."""
    for part in body.files:
        if part.content_type in ("text/plain", "text/html") and part.disposition != "attachment":
            body.files.remove(part)
            _visit_text(part, body)
            return


def _piece_text(piece: Piece) -> str:
    text = piece.text.strip("\n").rstrip()
    if piece.html and _is_stub(text, piece.html):
        return to_text(piece.html).strip("\n").rstrip() or text
    return text


def _is_stub(text: str, html: str) -> bool:
    words = text.strip()
    if not words:
        return True
    return len(words) < 400 and len(html) > 2 * len(words) and bool(_STUB.search(words))


def _up_to_the_last_words(pieces: list[Piece]) -> list[Piece]:
    """Without the images at the end: they are shown as files. Images between words keep their place."""
    end = max((n for n, piece in enumerate(pieces, 1) if piece.text.strip() or piece.html), default=0)
    return pieces[:end]


def _piece_html(piece: Piece, image_ids: dict[int, str]) -> str:
    if piece.html:
        return piece.html
    if piece.image is not None:
        content_id = image_ids.get(id(piece.image), "")
        return f'<p><img src="cid:{html_entities.escape(content_id)}"></p>' if content_id else ""
    lines = html_entities.escape(piece.text.strip("\n")).replace("\n", "<br>\n")
    return f"<p>{lines}</p>" if lines else ""


def _cut(text: str, limit: int, problem: str, body: Body) -> str:
    if len(text) <= limit:
        return text
    body.note(problem)
    return text[:limit]
