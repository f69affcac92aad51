"""Pictures that are shown within a message are drawn anew: what a browser gets to decode was written by us. Pure."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass, replace

from PIL import ExifTags, Image, UnidentifiedImageError

from makegood.conversations.envelope import IncomingFile

SHOWN = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
MARKS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
MOST_PIXELS = 20_000_000
"""Of one picture; four bytes each, twice when its colours are converted."""
BUDGET = 48_000_000
"""Pixels of one message, each times what its kind costs: about 2 s of CPU time for the worst picture known."""
COSTS = {"PNG": 3, "JPEG": 1, "GIF": 3, "WEBP": 5}
FASTER = {"PNG": {"compress_level": 3}, "WEBP": {"method": 0}}
"""A half to a third of the time for files a little larger."""
SCANS = 16
"""Scans of a JPEG that cost as much as decoding it once; a progressive picture has about ten."""
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
"""What the Orientation of a camera asks (Exif 3.0, 4.6.4 A): phones store a picture as the sensor lay."""
MOST_BYTES = 15 * 1024 * 1024


@dataclass(slots=True)
class Budget:
    """What may still be drawn of one message."""

    left: int = BUDGET

    def covers(self, cost: int) -> bool:
        """Whether it is enough; then it is spent."""
        if cost > self.left:
            return False
        self.left -= cost
        return True


def kind_of(content: bytes) -> str:
    """By its first bytes, whatever its host calls it; "" when it is none of those that are shown."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for mark, kind in MARKS.items() if content.startswith(mark)), "")


def redrawn(file: IncomingFile, budget: Budget) -> IncomingFile:
    """The file as it may be shown inline; an ordinary attachment when it is no such picture or the budget is spent."""
    kind = SHOWN.get(file.content_type)
    if kind is None or len(file.content) > MOST_BYTES:
        return replace(file, inline=False)
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(file.content), formats=[kind]) as picture:
            warnings.simplefilter("ignore")
            pixels = picture.width * picture.height  # read from the head, before anything is decoded
            if pixels > MOST_PIXELS or not budget.covers(pixels * _cost(kind, file.content)):
                return replace(file, inline=False)
            return replace(file, content=_drawn(picture, kind), inline=True)
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError, EOFError, KeyError):
        return replace(file, inline=False)


def _cost(kind: str, content: bytes) -> int:
    """Of one pixel. Each scan of a JPEG, a few bytes long, passes over the whole picture."""
    return max(COSTS[kind], content.count(b"\xff\xda") // SCANS) if kind == "JPEG" else COSTS[kind]


def _drawn(picture: Image.Image, kind: str) -> bytes:
    """The first frame, the right way up, without metadata."""
    picture.load()
    turn = TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    mode = "RGBA" if kind != "JPEG" and picture.has_transparency_data else "RGB"
    plain = picture if picture.mode == mode else picture.convert(mode)  # convert copies, whatever the mode
    if turn is not None:
        if plain is not picture:
            picture.close()  # so that there are never three copies
        plain = plain.transpose(turn)
    target = io.BytesIO()
    plain.save(target, kind, **FASTER.get(kind, {}))
    return target.getvalue()
