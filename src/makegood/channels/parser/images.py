"""Pictures that are shown within a message are drawn anew: what a browser gets to decode was written by us."""

from __future__ import annotations

import io
import warnings
from dataclasses import replace

from PIL import Image, UnidentifiedImageError

from makegood.conversations.envelope import IncomingFile

SHOWN = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
MOST_PIXELS = 40_000_000
MOST_BYTES = 15 * 1024 * 1024


def redrawn(file: IncomingFile) -> IncomingFile:
    """The file as it may be shown inline; when it is no such picture, the file as an ordinary attachment."""
    kind = SHOWN.get(file.content_type)
    if kind is None or len(file.content) > MOST_BYTES:
        return replace(file, inline=False)
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(file.content), formats=[kind]) as picture:
            warnings.simplefilter("ignore")
            if picture.width * picture.height > MOST_PIXELS:  # read from the head, before anything is decoded
                return replace(file, inline=False)
            return replace(file, content=_drawn(picture, kind), inline=True)
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError, EOFError, KeyError):
        return replace(file, inline=False)


def _drawn(picture: Image.Image, kind: str) -> bytes:
    """The first frame, without metadata."""
    picture.load()
    plain = (
        picture.convert("RGB") if kind == "JPEG" else picture.convert("RGBA" if "A" in picture.getbands() else "RGB")
    )
    target = io.BytesIO()
    plain.save(target, kind)
    return target.getvalue()
