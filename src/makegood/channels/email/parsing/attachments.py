"""The files of a message: their names, types and bytes."""

from __future__ import annotations

import mimetypes
import re
from collections import Counter
from urllib.parse import unquote_to_bytes

from makegood.channels.email.parsing import headers, structure, transfer
from makegood.channels.email.parsing.encoded_files import EncodedFile
from makegood.channels.email.parsing.structure import Part
from makegood.conversations.envelope import IncomingFile
from makegood.text import filenames

_KNOWN_ENDINGS = {
    "text/calendar": ".ics", "text/plain": ".txt", "text/html": ".html", "message/rfc822": ".eml",
    "message/global": ".eml", "text/rfc822-headers": ".txt", "application/ms-tnef": ".dat", "image/jpeg": ".jpg",
    "image/jpg": ".jpg", "image/pjpeg": ".jpg", "image/tiff": ".tif", "audio/mpeg": ".mp3", "application/pdf": ".pdf",
    "application/pkcs7-mime": ".p7m", "application/x-pkcs7-mime": ".p7m", "application/pgp-keys": ".asc",
    "application/zip": ".zip", "application/octet-stream": ".bin", "text/vcard": ".vcf", "text/x-vcard": ".vcf",
}  # fmt: skip
_FIXED_NAMES = {
    "text/calendar": "invite.ics", "application/ms-tnef": "winmail.dat", "application/vnd.ms-tnef": "winmail.dat",
    "application/pkcs7-mime": "smime.p7m", "application/x-pkcs7-mime": "smime.p7m",
    "text/rfc822-headers": "headers.txt",
}  # fmt: skip
_PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
_CONTENT_ID = re.compile(r"[^<>\s\"']{1,250}")


def read(parts: list[Part], encoded: list[EncodedFile], html: str, image_ids: dict[int, str]) -> list[IncomingFile]:
    """All files in their order, no two of one name; `inline` are those which the HTML shows by their content id."""
    files = [_file(part, number, html, image_ids) for number, part in enumerate(parts, 1)]
    for number, found in enumerate(encoded, len(parts) + 1):
        name = filenames.clean(headers.text(found.name), f"attachment-{number}.bin")
        guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
        files.append(IncomingFile(name, guessed, found.content))
    return _numbered(files)


def content_id(part: Part) -> str:
    """The content id of a part without its brackets, or nothing."""
    found = _CONTENT_ID.search(headers.text(part.fields.first("content-id")))
    return found.group() if found else ""


def _file(part: Part, number: int, html: str, image_ids: dict[int, str]) -> IncomingFile:
    content, _problem = transfer.decoded(part)
    identifier = image_ids.get(id(part)) or content_id(part)
    shown = bool(identifier) and f"cid:{identifier}" in html
    name = filenames.clean(_written_name(part), "") or _made_name(part, content, number)
    return IncomingFile(name, part.content_type, content, inline=shown, content_id=identifier)


def _written_name(part: Part) -> str:
    for params, key in ((part.disposition_params, "filename"), (part.type_params, "name")):
        name = params.get(key, "")
        if filenames.clean(name, ""):
            return _percent_decoded(name)
    return headers.text(part.fields.first("content-description")) if part.maintype == "application" else ""


def _percent_decoded(name: str) -> str:
    """`%E4%BD%A0.pdf` without the marks of RFC 2231, as some web mailers write it."""
    raw = name.encode("utf-8")
    if len(_PERCENT.findall(raw)) < 2 or b" " in raw:
        return name
    try:
        return unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        return name


def _made_name(part: Part, content: bytes, number: int) -> str:
    if part.content_type in ("message/rfc822", "message/global"):
        subject = headers.text(structure.read_head(content).first("subject"))
        return filenames.clean(f"{subject[:120]}.eml" if subject else "", f"message-{number}.eml")
    return _FIXED_NAMES.get(part.content_type) or f"attachment-{number}{_ending(part.content_type)}"


def _ending(content_type: str) -> str:
    return _KNOWN_ENDINGS.get(content_type) or mimetypes.guess_extension(content_type) or ".bin"


def _numbered(files: list[IncomingFile]) -> list[IncomingFile]:
    taken = Counter(file.filename.casefold() for file in files)
    seen: set[str] = set()
    out = []
    for file in files:
        name = file.filename
        if name.casefold() in seen:
            name = _next_free(name, seen | set(taken))
        seen.add(name.casefold())
        out.append(file if name == file.filename else _renamed(file, name))
    return out


def _renamed(file: IncomingFile, name: str) -> IncomingFile:
    return IncomingFile(name, file.content_type, file.content, inline=file.inline, content_id=file.content_id)


def _next_free(name: str, taken: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    number = 2
    while f"{stem}-{number}{dot}{ending}".casefold() in taken:
        number += 1
    return f"{stem}-{number}{dot}{ending}"
