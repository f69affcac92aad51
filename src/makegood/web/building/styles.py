"""One stylesheet: every file lies in a folder named after its cascade layer, and each room brings its own pages."""

import re
from collections.abc import Iterator
from pathlib import Path

LAYERS = ("reset", "tokens", "base", "parts", "pages", "util")

_COMMENT = re.compile(r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/")
_SPACES = re.compile(r"\s+")
_AROUND = re.compile(r" ?([{};,]) ?")
_URL = re.compile(r'url\("([\w.-]+)"\)')


def stylesheet(css: Path, rooms: list[Path], names: dict[str, str]) -> bytes:
    """Join the layers in order; `rooms` are folders `static/<room>`, whose files go into the layer `pages`.

    `names` turns the plain name inside `url("…")` into the hashed one. Raises ValueError for a file that names
    its layer itself, since it would end up in a layer within a layer.
    """
    parts = [f"@layer {','.join(LAYERS)};"]
    for layer in LAYERS:
        own = sorted((css / layer).glob("*.css"))
        guests = [file for room in sorted(rooms) for file in sorted(room.glob("*.css"))] if layer == "pages" else []
        body = "".join(_read(file) for file in [*own, *guests])
        parts.append(f"@layer {layer}{{{body}}}")
    return _URL.sub(lambda m: f"url({names.get(m[1], m[1])})", "\n".join(parts)).encode()


def _read(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    if "@layer" in text:
        raise ValueError(f"{file}: the folder says which layer this is; remove @layer")
    return "".join(_minified(text)).strip()


def _minified(text: str) -> Iterator[str]:
    """Without comments and needless spaces; strings (data URLs, content) stay untouched."""
    without_comments = _COMMENT.sub("", text)
    for index, piece in enumerate(re.split(r'("[^"]*")', without_comments)):
        if index % 2:
            yield piece
        else:
            yield _AROUND.sub(r"\1", _SPACES.sub(" ", piece)).replace(";}", "}")
